package io.assay.lineage.lineagegraph;

import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.lineagegraph.GraphFact.Basis;
import io.assay.lineage.lineagegraph.GraphFact.Edge;
import io.assay.lineage.lineagegraph.GraphFact.Node;
import io.assay.lineage.lineagegraph.GraphFact.State;
import io.assay.platform.view.Writes;
import io.assay.platform.view.Writes.Bulk;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of the graph, to write. All methods use the caller's transaction. */
@Singleton
class GraphRows {

  private static final Bulk NODES =
      facts("node", "key text", "kind text", "named_by text", "detail text");
  private static final Bulk BASES = facts("basis", "source_position int8", "to_key text");
  private static final Bulk STATES = facts("node_state", "key text", "facet text", "value text");

  /** Of an edge that several events tell of, the first counts, whichever is taken in first. */
  private static final Bulk EDGES =
      new Bulk(
          """
          insert into edge as e (workspace, position, recorded_at, from_key, to_key, kind)
          select distinct on (workspace, from_key, to_key, kind)
                 workspace, position, recorded_at, from_key, to_key, kind
            from unnest(?, ?, ?, ?, ?, ?)
                 as told (workspace, position, recorded_at, from_key, to_key, kind)
           order by workspace, from_key, to_key, kind, position
          on conflict (workspace, from_key, to_key, kind) do update
            set position = excluded.position, recorded_at = excluded.recorded_at
            where e.position > excluded.position
          """,
          List.of("text", "int8", "timestamptz", "text", "text", "text"));

  private final JdbcOperations jdbc;

  GraphRows(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds the facts of events; repeating it changes nothing. */
  void add(List<RecordedEvent> events) {
    var writes = new Writes(jdbc);
    events.forEach(event -> add(writes, event, GraphFacts.of(event)));
    writes.flush();
  }

  private static void add(Writes writes, RecordedEvent event, List<GraphFact> facts) {
    for (var fact : facts) {
      switch (fact) {
        case Node node ->
            add(writes, NODES, event, node.key(), node.kind(), node.namedBy(), node.detail());
        case Edge edge -> add(writes, EDGES, event, edge.from(), edge.to(), edge.kind().spelling());
        case Basis basis -> add(writes, BASES, event, basis.sourcePosition(), basis.to());
        case State state ->
            add(writes, STATES, event, state.key(), state.facet().spelling(), state.value());
      }
    }
  }

  void clear() {
    jdbc.prepareStatement(
        "truncate node, edge, basis, node_state", PreparedStatement::executeUpdate);
  }

  private static void add(
      Writes writes, Bulk bulk, RecordedEvent event, @Nullable Object... values) {
    var all = new ArrayList<@Nullable Object>();
    all.add(event.metadata().workspace());
    all.add(event.position());
    all.add(event.recordedAt().atOffset(ZoneOffset.UTC));
    all.addAll(Arrays.asList(values));
    writes.add(bulk, all.toArray());
  }

  private static Bulk facts(String table, String... columns) {
    return Bulk.insertNew(
        table,
        Stream.concat(
                Stream.of("workspace text", "position int8", "recorded_at timestamptz"),
                Stream.of(columns))
            .toArray(String[]::new));
  }
}
