package io.assay.lineage.lineagegraph;

import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.lineagegraph.GraphFact.Basis;
import io.assay.lineage.lineagegraph.GraphFact.Edge;
import io.assay.lineage.lineagegraph.GraphFact.Node;
import io.assay.lineage.lineagegraph.GraphFact.State;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of the graph, to write. All methods use the caller's transaction. */
@Singleton
class GraphRows {

  private final JdbcOperations jdbc;

  GraphRows(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  void add(RecordedEvent event, List<GraphFact> facts) {
    for (var fact : facts) {
      switch (fact) {
        case Node node ->
            insert(
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
                """
                insert into basis (workspace, position, recorded_at, source_position, to_key)
                values (?, ?, ?, ?, ?) on conflict do nothing
                """,
                event,
                basis.sourcePosition(),
                basis.to());
        case State state ->
            insert(
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

  private void insert(String sql, RecordedEvent event, @Nullable Object... values) {
    jdbc.prepareStatement(
        sql,
        statement -> {
          bind(statement, event, values);
          return statement.executeUpdate();
        });
  }

  private static void bind(
      PreparedStatement statement, RecordedEvent event, @Nullable Object[] values)
      throws SQLException {
    statement.setString(1, event.metadata().workspace());
    statement.setLong(2, event.position());
    statement.setObject(3, event.recordedAt().atOffset(ZoneOffset.UTC));
    for (int i = 0; i < values.length; i++) {
      statement.setObject(4 + i, values[i]);
    }
  }
}
