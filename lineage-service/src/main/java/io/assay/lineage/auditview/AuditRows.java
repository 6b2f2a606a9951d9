package io.assay.lineage.auditview;

import io.assay.eventlog.RecordedEvent;
import io.assay.platform.view.Writes;
import io.assay.platform.view.Writes.Bulk;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables of the audit view, and the log behind them. */
@Singleton
class AuditRows {

  /**
   * Which events are asked for. Times are of recording.
   *
   * @param entity those of its trail
   * @param actor those by this actor or on its behalf
   * @param after those behind this position
   * @param pinned those before this position: what there was when the walk began
   */
  record Search(
      String workspace,
      @Nullable String entity,
      @Nullable String actor,
      @Nullable String type,
      @Nullable Instant from,
      @Nullable Instant to,
      long after,
      long pinned,
      int limit) {}

  /**
   * An event as the log holds it now.
   *
   * @param text absent where there is none or it was erased
   */
  record Stored(
      long position,
      UUID id,
      Instant recordedAt,
      byte[] envelope,
      byte[] leaf,
      byte[] payload,
      byte @Nullable [] text,
      boolean erased) {}

  /** Sections are looked up, not joined: a join may be planned as a walk from the log's start. */
  private static final String STORED =
      """
      select e.position, e.id, e.recorded_at, e.envelope, e.leaf,
             (select s.content from log.section s
               where s.position = e.position and s.name = 'payload'),
             (select s.content from log.section s
               where s.position = e.position and s.name = 'text'),
             exists (select from log.section s
               where s.position = e.position and s.name = 'text' and s.erased_by is not null)
        from found f
        join log.event e on e.position = f.position
       order by e.position
      """;

  private static final Bulk EVENTS =
      Bulk.insertNew(
          "event",
          "position int8",
          "workspace text",
          "recorded_at timestamptz",
          "type text",
          "actor text",
          "on_behalf_of text");
  private static final Bulk MENTIONS =
      Bulk.insertNew("mention", "workspace text", "entity text", "position int8", "subject bool");
  private static final Bulk PARTS =
      Bulk.insertNew("part", "workspace text", "whole text", "part text", "position int8");

  /** An erasure is part of the history of what it erases. */
  private static final Bulk ERASURES =
      new Bulk(
          """
          insert into mention (workspace, entity, position, subject)
          select m.workspace, m.entity, e.erasure, true
            from unnest(?, ?) as e (erasure, erased)
            join mention m on m.position = e.erased and m.subject
          on conflict do nothing
          """,
          List.of("int8", "int8"));

  private final JdbcOperations jdbc;

  AuditRows(@Named(AuditView.DATASOURCE) JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds the entries of events, in the caller's transaction; repeating it changes nothing. */
  void add(List<RecordedEvent> events) {
    var writes = new Writes(jdbc);
    events.forEach(event -> add(writes, event, AuditEntry.of(event)));
    writes.flush();
  }

  private static void add(Writes writes, RecordedEvent event, AuditEntry entry) {
    var workspace = event.metadata().workspace();
    writes.add(
        EVENTS,
        event.position(),
        workspace,
        utc(event.recordedAt()),
        event.type(),
        event.metadata().actor().id(),
        event.metadata().onBehalfOf());
    for (var mention : entry.mentions()) {
      writes.add(MENTIONS, workspace, mention, event.position(), mention.equals(entry.subject()));
    }
    for (var part : entry.parts()) {
      writes.add(PARTS, workspace, part.whole(), part.part(), event.position());
    }
    for (var erased : entry.erases()) {
      writes.flush(); // what it erases may be mentioned just before
      writes.add(ERASURES, event.position(), erased);
    }
  }

  /** Empties the view, in the caller's transaction. */
  void clear() {
    update("truncate event, mention, part");
  }

  /** How many events of the log the view regards. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  long head() {
    return number("select coalesce(max(position) + 1, 0) from event");
  }

  /** How many events of the log were recorded at or before the instant. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  long countUpTo(Instant instant) {
    return number("select log.position_at(?)", after(instant));
  }

  /** The first events that the search finds, by position. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  List<Stored> find(Search search) {
    var sql = new StringBuilder("with recursive ");
    var values = new ArrayList<@Nullable Object>();
    if (search.entity() != null) {
      sql.append(
          """
          trail(entity) as (
            select ?::text
            union
            select p.part from trail t
              join part p on p.workspace = ? and p.whole = t.entity and p.position < ?
          ),
          """);
      values.add(search.entity());
      values.add(search.workspace());
      values.add(search.pinned());
    }
    sql.append(
        "found as (select e.position from event e"
            + " where e.workspace = ? and e.position > ? and e.position < ?");
    values.add(search.workspace());
    values.add(search.after());
    values.add(search.pinned());
    if (search.entity() != null) {
      sql.append(
          """
           and e.position in (
            select m.position from mention m where m.workspace = ? and m.entity = ?
            union all
            select m.position from trail t
              join mention m on m.workspace = ? and m.entity = t.entity and m.subject
          )\
          """);
      values.add(search.workspace());
      values.add(search.entity());
      values.add(search.workspace());
    }
    if (search.actor() != null) {
      sql.append(" and (e.actor = ? or e.on_behalf_of = ?)");
      values.add(search.actor());
      values.add(search.actor());
    }
    if (search.type() != null) {
      sql.append(" and e.type = ?");
      values.add(search.type());
    }
    if (search.from() != null) {
      sql.append(" and e.position >= log.position_at(?)");
      values.add(utc(search.from()));
    }
    if (search.to() != null) {
      sql.append(" and e.position < log.position_at(?)");
      values.add(utc(search.to()));
    }
    sql.append(" order by e.position limit ?) ");
    values.add(search.limit());
    return stored(sql + STORED, values.toArray());
  }

  /** The event at a position, where it is of the workspace and the view has it. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  Optional<Stored> at(String workspace, long position) {
    return stored(
            "with found as (select position from event where workspace = ? and position = ?) "
                + STORED,
            workspace,
            position)
        .stream()
        .findFirst();
  }

  /** The least time of the log's precision after an instant. */
  private static OffsetDateTime after(Instant instant) {
    return utc(instant.truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private List<Stored> stored(String sql, @Nullable Object... values) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          bind(statement, values);
          var found = new ArrayList<Stored>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(stored(rows));
            }
          }
          return found;
        });
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getLong(1),
        row.getObject(2, UUID.class),
        row.getObject(3, OffsetDateTime.class).toInstant(),
        row.getBytes(4),
        row.getBytes(5),
        row.getBytes(6),
        row.getBytes(7),
        row.getBoolean(8));
  }

  private long number(String sql, Object... values) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          bind(statement, values);
          try (var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private void update(String sql, @Nullable Object... values) {
    jdbc.prepareStatement(
        sql,
        statement -> {
          bind(statement, values);
          return statement.executeUpdate();
        });
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
