package io.assay.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The log's tables, row by row as they are at one moment, for verification.
 *
 * <p>Holds a connection and a snapshot until it is closed. Reading on from where the page before
 * ended is cheap; going back sorts the tags again. Not thread-safe.
 */
public final class PostgresStoredEvents implements StoredEvents, AutoCloseable {

  /** Tag rows fetched at a time. */
  private static final int FETCH = 4_000;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private final Connection connection;
  private @Nullable TagRows tags;

  /** Reads with a role that may select from the log. */
  public PostgresStoredEvents(DataSource log) {
    try {
      connection = log.getConnection();
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  @Override
  public List<StoredEvent> read(long fromPosition, int limit) {
    try {
      var events = events(fromPosition, limit);
      if (events.isEmpty()) {
        return List.of();
      }
      long last = events.getLast().position();
      var found = tags(fromPosition).through(last);
      var sections = sections(fromPosition, last);
      return events.stream()
          .map(
              event ->
                  new StoredEvent(
                      event.position(),
                      event.envelope(),
                      event.leaf(),
                      event.columns(),
                      found.getOrDefault(event.position(), List.of()),
                      sections.getOrDefault(event.position(), List.of())))
          .toList();
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void close() {
    try (connection) {
      connection.rollback();
      connection.setReadOnly(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static IllegalStateException unreadable(SQLException cause) {
    return new IllegalStateException("Cannot read the log: " + cause.getMessage(), cause);
  }

  private TagRows tags(long from) throws SQLException {
    if (tags == null || tags.next != from) {
      if (tags != null) {
        tags.close();
      }
      tags = new TagRows(connection, from);
    }
    return tags;
  }

  private List<StoredEvent> events(long from, int limit) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            select position, envelope, leaf, id, workspace, type, version, recorded_at
              from log.event where position >= ? order by position limit ?
            """)) {
      select.setLong(1, from);
      select.setInt(2, limit);
      var events = new ArrayList<StoredEvent>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          events.add(
              new StoredEvent(
                  rows.getLong(1),
                  rows.getBytes(2),
                  rows.getBytes(3),
                  columns(rows),
                  null,
                  List.of()));
        }
      }
      return events;
    }
  }

  private static Map<String, String> columns(ResultSet row) throws SQLException {
    return Map.of(
        "position",
        Long.toString(row.getLong(1)),
        "id",
        row.getObject(4, UUID.class).toString(),
        "workspace",
        row.getString(5),
        "type",
        row.getString(6),
        "version",
        Integer.toString(row.getInt(7)),
        "recordedAt",
        MICROS.format(
            row.getObject(8, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC)));
  }

  private Map<Long, List<StoredSection>> sections(long from, long last) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            select position, name, digest, salt, content from log.section
             where position between ? and ? order by position, name
            """)) {
      select.setLong(1, from);
      select.setLong(2, last);
      var sections = new HashMap<Long, List<StoredSection>>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          sections
              .computeIfAbsent(rows.getLong(1), position -> new ArrayList<>())
              .add(
                  new StoredSection(
                      rows.getString(2), rows.getBytes(3), rows.getBytes(4), rows.getBytes(5)));
        }
      }
      return sections;
    }
  }

  /**
   * The rows of the tag index in the order of positions: sorted once and streamed, since the index
   * itself is by tag.
   */
  private static final class TagRows {

    private final PreparedStatement select;
    private final ResultSet rows;
    private long next;
    private boolean has;

    TagRows(Connection connection, long from) throws SQLException {
      next = from;
      select =
          connection.prepareStatement(
              """
              select t.position,
                     case when e.workspace = t.workspace and e.type = t.type then t.tag
                          else concat(t.tag, ' of ', t.type, ' in ', t.workspace) end
                from log.tag t left join log.event e on e.position = t.position
               where t.position >= ? order by t.position
              """);
      select.setLong(1, from);
      select.setFetchSize(FETCH);
      rows = select.executeQuery();
      has = rows.next();
    }

    /** The tags up to and with a position, by position. */
    Map<Long, List<String>> through(long last) throws SQLException {
      var found = new HashMap<Long, List<String>>();
      while (has && rows.getLong(1) <= last) {
        found
            .computeIfAbsent(rows.getLong(1), position -> new ArrayList<>())
            .add(rows.getString(2));
        has = rows.next();
      }
      next = last + 1;
      return found;
    }

    void close() throws SQLException {
      rows.close();
      select.close();
    }
  }
}
