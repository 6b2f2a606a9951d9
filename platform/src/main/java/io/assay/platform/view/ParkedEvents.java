package io.assay.platform.view;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table of parked events beside a view's token. All methods use the caller's transaction. */
final class ParkedEvents {

  private final String view;

  ParkedEvents(String view) {
    this.view = view;
  }

  boolean holds(Connection connection, String sequence) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "select 1 from parked_event where view = ? and sequence = ? limit 1")) {
      select.setString(1, view);
      select.setString(2, sequence);
      try (var row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  void park(Connection connection, long position, String sequence, String cause, Instant now)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            insert into parked_event (view, position, sequence, cause, parked_at)
            values (?, ?, ?, ?, ?) on conflict (view, position) do update set cause = excluded.cause
            """)) {
      insert.setString(1, view);
      insert.setLong(2, position);
      insert.setString(3, sequence);
      insert.setString(4, cause);
      insert.setTimestamp(5, Timestamp.from(now));
      insert.executeUpdate();
    }
  }

  List<ParkedEvent> all(Connection connection) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "select position, sequence, cause, parked_at from parked_event where view = ? order by position")) {
      select.setString(1, view);
      var parked = new ArrayList<ParkedEvent>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          parked.add(
              new ParkedEvent(
                  view,
                  rows.getLong(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getTimestamp(4).toInstant()));
        }
      }
      return parked;
    }
  }

  boolean remove(Connection connection, long position) throws SQLException {
    try (var delete =
        connection.prepareStatement("delete from parked_event where view = ? and position = ?")) {
      delete.setString(1, view);
      delete.setLong(2, position);
      return delete.executeUpdate() == 1;
    }
  }

  void clear(Connection connection) throws SQLException {
    try (var delete = connection.prepareStatement("delete from parked_event where view = ?")) {
      delete.setString(1, view);
      delete.executeUpdate();
    }
  }
}
