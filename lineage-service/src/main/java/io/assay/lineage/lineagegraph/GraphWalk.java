package io.assay.lineage.lineagegraph;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the graph.
 *
 * <p>Each direction is walked by itself from the root: what a cousin came from or led to is not in
 * the answer.
 */
@Singleton
class GraphWalk {

  /**
   * The most nodes that an answer holds; the nearest are kept and the answer says that it is cut.
   */
  static final int MOST_NODES = 5_000;

  /** Which way a step leads. */
  enum Direction {
    UP("step_up", "from_key"),
    DOWN("step_down", "to_key");

    private final String step;
    private final String far;

    Direction(String step, String far) {
      this.step = step;
      this.far = far;
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The kinds of nodes whose keys end with an id. */
  private static final List<String> KINDS =
      List.of(
          "approval",
          "approval-request",
          "bias-evaluation",
          "dataset",
          "dataset-version",
          "decision",
          "deployment",
          "evaluation",
          "model",
          "policy",
          "policy-version",
          "promotion",
          "run",
          "system",
          "version");

  private final JdbcOperations jdbc;

  GraphWalk(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** How many events of the log were recorded at or before the instant. */
  @Transactional(readOnly = true)
  long countUpTo(Instant instant) {
    return jdbc.prepareStatement(
        "select log.position_at(?)",
        statement -> {
          statement.setObject(
              1,
              instant
                  .truncatedTo(ChronoUnit.MICROS)
                  .plus(1, ChronoUnit.MICROS)
                  .atOffset(ZoneOffset.UTC));
          return first(statement, row -> row.getLong(1));
        });
  }

  /** The key of the node with this id, whatever its kind. */
  @Transactional(readOnly = true)
  Optional<String> keyOf(String workspace, String id) {
    return jdbc.prepareStatement(
        "select min(key) from node where workspace = ? and key = any (?)",
        statement -> {
          var keys = KINDS.stream().map(kind -> kind + ":" + id).toArray();
          statement.setString(1, workspace);
          statement.setArray(2, statement.getConnection().createArrayOf("text", keys));
          return Optional.ofNullable(first(statement, row -> row.getString(1)));
        });
  }

  /**
   * What is reached from the root within so many steps.
   *
   * @param before only what was recorded before this position
   * @return empty where there is no such root
   */
  @Transactional(readOnly = true)
  Optional<Graph> walk(
      String workspace, String root, Set<Direction> directions, int depth, long before) {
    return jdbc.execute(
        connection -> {
          if (nodes(connection, workspace, List.of(root), before).isEmpty()) {
            return Optional.empty();
          }
          var distances = new HashMap<String, Integer>();
          var edges = new LinkedHashSet<Graph.Edge>();
          boolean truncated = false;
          for (var direction : directions) {
            var reached = reached(connection, workspace, root, direction, depth, before);
            truncated |= steps(connection, workspace, reached, direction, depth, before, edges);
            reached.forEach((key, distance) -> distances.merge(key, distance, Math::min));
          }
          var nodes = nodes(connection, workspace, distances.keySet(), before);
          nodes.sort(
              Comparator.<Graph.Node>comparingInt(node -> distances.getOrDefault(node.key(), 0))
                  .thenComparingLong(Graph.Node::position));
          if (nodes.size() > MOST_NODES) {
            nodes = nodes.subList(0, MOST_NODES);
            truncated = true;
          }
          var kept =
              nodes.stream().map(Graph.Node::key).collect(java.util.stream.Collectors.toSet());
          var between =
              edges.stream()
                  .filter(edge -> kept.contains(edge.from()) && kept.contains(edge.to()))
                  .sorted(
                      Comparator.comparingLong(Graph.Edge::position)
                          .thenComparing(Graph.Edge::from)
                          .thenComparing(Graph.Edge::to)
                          .thenComparing(Graph.Edge::kind))
                  .toList();
          return Optional.of(new Graph(List.copyOf(nodes), between, truncated));
        });
  }

  /** The names in the text sections of these events: what was erased is not there. */
  @Transactional(readOnly = true)
  Map<Long, String> names(Collection<Long> positions) {
    return jdbc.execute(
        connection -> {
          var names = new HashMap<Long, String>();
          try (var select =
              connection.prepareStatement(
                  """
                  select position, content from log.section
                   where name = 'text' and content is not null and position = any (?)
                  """)) {
            select.setArray(1, connection.createArrayOf("bigint", positions.toArray()));
            try (var rows = select.executeQuery()) {
              while (rows.next()) {
                var name = name(rows.getBytes(2));
                if (name != null) {
                  names.put(rows.getLong(1), name);
                }
              }
            }
          }
          return names;
        });
  }

  private static @Nullable String name(byte[] text) {
    try {
      var name = JSON.readTree(text).get("name");
      return name == null || !name.isTextual() ? null : name.asText();
    } catch (IOException e) {
      throw new IllegalStateException("A stored text section is no JSON", e);
    }
  }

  /** Keys by distance from the root. */
  private static Map<String, Integer> reached(
      Connection connection,
      String workspace,
      String root,
      Direction direction,
      int depth,
      long before)
      throws SQLException {
    // UNION, so that what was reached at one distance by several ways goes on once.
    var sql =
        """
        with recursive walk(key, distance) as (
          select ?::text, 0
          union
          select s.%s, w.distance + 1
            from walk w, lateral %s(?, w.key) s
           where w.distance < ? and s.position < ?
        )
        select key, min(distance) from walk group by key
        """
            .formatted(direction.far, direction.step);
    try (var select = connection.prepareStatement(sql)) {
      select.setString(1, root);
      select.setString(2, workspace);
      select.setInt(3, depth);
      select.setLong(4, before);
      var distances = new LinkedHashMap<String, Integer>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          distances.put(rows.getString(1), rows.getInt(2));
        }
      }
      return distances;
    }
  }

  /** Collects the steps between what was reached; answers whether any leads further. */
  private static boolean steps(
      Connection connection,
      String workspace,
      Map<String, Integer> reached,
      Direction direction,
      int depth,
      long before,
      Set<Graph.Edge> edges)
      throws SQLException {
    var sql =
        """
        select s.from_key, s.to_key, s.kind, s.position
          from unnest(?) k(key), lateral %s(?, k.key) s
         where s.position < ?
        """
            .formatted(direction.step);
    boolean further = false;
    try (var select = connection.prepareStatement(sql)) {
      select.setArray(1, connection.createArrayOf("text", reached.keySet().toArray()));
      select.setString(2, workspace);
      select.setLong(3, before);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var edge =
              new Graph.Edge(
                  rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4));
          if (reached.containsKey(edge.from()) && reached.containsKey(edge.to())) {
            edges.add(edge);
          } else {
            further = true;
          }
        }
      }
    }
    return further;
  }

  private static List<Graph.Node> nodes(
      Connection connection, String workspace, Collection<String> keys, long before)
      throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            select n.key, n.kind, n.position, n.recorded_at, n.named_by, named.position,
                   case when n.named_by <> n.key then (
                     select count(*) from node o
                      where o.workspace = n.workspace and o.named_by = n.named_by
                        and o.kind = n.kind and o.position <= n.position) end,
                   n.detail,
                   (select jsonb_object_agg(s.facet, s.value) from (
                     select distinct on (facet) facet, value from node_state s
                      where s.workspace = n.workspace and s.key = n.key and s.position < ?
                      order by facet, position desc) s)::text
              from unnest(?) k(key)
              join node n on n.workspace = ? and n.key = k.key and n.position < ?
              left join node named on named.workspace = n.workspace and named.key = n.named_by
            """)) {
      select.setLong(1, before);
      select.setArray(2, connection.createArrayOf("text", keys.toArray()));
      select.setString(3, workspace);
      select.setLong(4, before);
      var nodes = new ArrayList<Graph.Node>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          nodes.add(node(rows));
        }
      }
      return nodes;
    }
  }

  private static Graph.Node node(ResultSet row) throws SQLException {
    return new Graph.Node(
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        row.getString(5),
        row.getObject(6, Long.class),
        row.getObject(7) == null ? null : row.getInt(7),
        row.getString(8),
        states(row.getString(9)));
  }

  private static Map<String, String> states(@Nullable String json) throws SQLException {
    if (json == null) {
      return Map.of();
    }
    try {
      var states = new HashMap<String, String>();
      JSON.readTree(json)
          .properties()
          .forEach(state -> states.put(state.getKey(), state.getValue().asText()));
      return Map.copyOf(states);
    } catch (IOException e) {
      throw new SQLException("A node's states are no JSON", e);
    }
  }

  /** Reads one column of the current row. */
  @FunctionalInterface
  private interface Column<T extends @Nullable Object> {
    T of(ResultSet row) throws SQLException;
  }

  private static <T extends @Nullable Object> T first(PreparedStatement statement, Column<T> column)
      throws SQLException {
    try (var row = statement.executeQuery()) {
      row.next();
      return column.of(row);
    }
  }
}
