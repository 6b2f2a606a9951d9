package io.assay.platform.view;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statements that a view collects and sends together, those of one text in one go. Their order
 * across texts is lost, so what one needs of another is {@linkplain #flush() flushed} before.
 */
public final class Writes {

  private final JdbcOperations jdbc;
  private final Map<String, List<@Nullable Object[]>> collected = new LinkedHashMap<>();

  /**
   * @param jdbc runs them in the caller's transaction
   */
  public Writes(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Collects a statement with its values, in the order of its question marks. */
  public void add(String sql, @Nullable Object... values) {
    collected.computeIfAbsent(sql, absent -> new ArrayList<>()).add(values);
  }

  /** Sends what is collected. */
  public void flush() {
    collected.forEach(this::send);
    collected.clear();
  }

  private void send(String sql, List<@Nullable Object[]> rows) {
    jdbc.prepareStatement(
        sql,
        statement -> {
          if (rows.size() == 1) {
            bind(statement, rows.getFirst());
            return statement.executeUpdate();
          }
          for (var row : rows) {
            bind(statement, row);
            statement.addBatch();
          }
          return statement.executeBatch().length;
        });
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
