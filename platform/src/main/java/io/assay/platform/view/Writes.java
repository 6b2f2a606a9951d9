package io.assay.platform.view;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a view collects and sends together: all of one statement in one go. The order across
 * statements is lost, so what one needs of another is {@linkplain #flush() flushed} before.
 */
public final class Writes {

  /**
   * A statement over any number of rows.
   *
   * @param sql reads them from {@code unnest(?, …)}, with a parameter for each column
   * @param types of the columns, as PostgreSQL calls them
   */
  public record Bulk(String sql, List<String> types) {

    /**
     * Inserts rows.
     *
     * @param columns each with its type: {@code position int8}
     */
    public static Bulk insert(String table, String... columns) {
      var names = Stream.of(columns).map(column -> column.split(" ")[0]).toList();
      var types = Stream.of(columns).map(column -> column.split(" ")[1]).toList();
      return new Bulk(
          "insert into %s (%s) select * from unnest(%s)"
              .formatted(
                  table,
                  String.join(", ", names),
                  String.join(", ", Collections.nCopies(types.size(), "?"))),
          types);
    }

    /** Inserts rows that are not there yet. */
    public static Bulk insertNew(String table, String... columns) {
      var insert = insert(table, columns);
      return new Bulk(insert.sql() + " on conflict do nothing", insert.types());
    }
  }

  private final JdbcOperations jdbc;
  private final Map<Bulk, List<@Nullable Object[]>> collected = new LinkedHashMap<>();

  /**
   * @param jdbc runs them in the caller's transaction
   */
  public Writes(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Collects a row, with its values in the order of the columns. */
  public void add(Bulk bulk, @Nullable Object... values) {
    if (values.length != bulk.types().size()) {
      throw new IllegalArgumentException(values.length + " values for " + bulk);
    }
    collected.computeIfAbsent(bulk, absent -> new ArrayList<>()).add(values);
  }

  /** Sends what is collected. */
  public void flush() {
    collected.forEach(this::send);
    collected.clear();
  }

  private void send(Bulk bulk, List<@Nullable Object[]> rows) {
    jdbc.prepareStatement(
        bulk.sql(),
        statement -> {
          bind(statement, bulk, rows);
          return statement.executeUpdate();
        });
  }

  private static void bind(PreparedStatement statement, Bulk bulk, List<@Nullable Object[]> rows)
      throws SQLException {
    Connection connection = statement.getConnection();
    for (int column = 0; column < bulk.types().size(); column++) {
      var values = array(bulk.types().get(column), rows.size());
      for (int row = 0; row < values.length; row++) {
        values[row] = rows.get(row)[column];
      }
      statement.setArray(column + 1, connection.createArrayOf(bulk.types().get(column), values));
    }
  }

  /** Of the class that the driver sends without spelling the values out, where there is one. */
  private static @Nullable Object[] array(String type, int size) {
    return switch (type) {
      case "text" -> new @Nullable String[size];
      case "int8" -> new @Nullable Long[size];
      case "int4" -> new @Nullable Integer[size];
      case "bool" -> new @Nullable Boolean[size];
      default -> new @Nullable Object[size];
    };
  }
}
