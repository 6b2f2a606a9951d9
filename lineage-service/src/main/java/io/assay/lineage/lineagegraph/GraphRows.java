package io.assay.lineage.lineagegraph;

import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.lineagegraph.GraphFact.Basis;
import io.assay.lineage.lineagegraph.GraphFact.Edge;
import io.assay.lineage.lineagegraph.GraphFact.Node;
import io.assay.lineage.lineagegraph.GraphFact.State;
import io.assay.platform.view.Writes;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of the graph, to write. All methods use the caller's transaction. */
@Singleton
class GraphRows {

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
            insert(
                writes,
                """
                insert into node (workspace, position, recorded_at, key, kind, named_by, detail)
                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """,
                event,
                node.key(),
                node.kind(),
                node.namedBy(),
                node.detail());
        case Edge edge ->
            insert(
                writes,
                """
                insert into edge as e (workspace, position, recorded_at, from_key, to_key, kind)
                values (?, ?, ?, ?, ?, ?)
                on conflict (workspace, from_key, to_key, kind) do update
                  set position = excluded.position, recorded_at = excluded.recorded_at
                  where e.position > excluded.position
                """,
                event,
                edge.from(),
                edge.to(),
                edge.kind().spelling());
        case Basis basis ->
            insert(
                writes,
                """
                insert into basis (workspace, position, recorded_at, source_position, to_key)
                values (?, ?, ?, ?, ?) on conflict do nothing
                """,
                event,
                basis.sourcePosition(),
                basis.to());
        case State state ->
            insert(
                writes,
                """
                insert into node_state (workspace, position, recorded_at, key, facet, value)
                values (?, ?, ?, ?, ?, ?) on conflict do nothing
                """,
                event,
                state.key(),
                state.facet().spelling(),
                state.value());
      }
    }
  }

  void clear() {
    jdbc.prepareStatement(
        "truncate node, edge, basis, node_state", PreparedStatement::executeUpdate);
  }

  private static void insert(
      Writes writes, String sql, RecordedEvent event, @Nullable Object... values) {
    var all = new ArrayList<@Nullable Object>();
    all.add(event.metadata().workspace());
    all.add(event.position());
    all.add(event.recordedAt().atOffset(ZoneOffset.UTC));
    all.addAll(Arrays.asList(values));
    writes.add(sql, all.toArray());
  }
}
