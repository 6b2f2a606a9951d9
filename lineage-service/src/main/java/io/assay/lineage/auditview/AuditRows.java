package io.assay.lineage.auditview;

import io.assay.eventlog.EventLog;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the audit view, and the log behind them.
 *
 * <p>What the log can be asked for by its tags and positions is not written again. Of types and
 * actors the view tells only in which blocks of {@value #BLOCK} positions they occur: a row for
 * many events, where an index of them all would cost each of them several.
 */
@Singleton
class AuditRows {

  /** Positions in a block. */
  static final int BLOCK = 64;

  /** Blocks that are looked through at a time. */
  private static final int BLOCKS = 32;

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

  /** By what the events of a block are found. */
  private enum Facet {
    ANY,
    TYPE,
    ACTOR,
    ACTOR_AND_TYPE;

    private String spelling() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private record Sought(Facet facet, String value) {}

  private record Occurrence(String workspace, Sought sought, long block) {}

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

  /** What an event must be besides, by its own envelope. */
  private static final String WANTED =
      """
       e.workspace = ? and e.position > ? and e.position < ?
         and (?::text is null or e.type = ?)
         and (?::text is null or ? in (
           select unnest(array[said -> 'actor' ->> 'id', said ->> 'onBehalfOf'])
             from (select convert_from(e.envelope, 'UTF8')::jsonb) as envelope (said)))
      """;

  private static final Bulk OCCURRENCES =
      Bulk.insertNew("occurrence", "workspace text", "facet text", "value text", "block int8");
  private static final Bulk MENTIONS =
      Bulk.insertNew("mention", "workspace text", "entity text", "position int8", "subject bool");
  private static final Bulk PARTS =
      Bulk.insertNew("part", "workspace text", "whole text", "part text", "position int8");

  private final JdbcOperations jdbc;
  private final EventLog log;

  AuditRows(@Named(AuditView.DATASOURCE) JdbcOperations jdbc, EventLog log) {
    this.jdbc = jdbc;
    this.log = log;
  }

  /** Adds the entries of events, in the caller's transaction; repeating it changes nothing. */
  void add(List<RecordedEvent> events) {
    var writes = new Writes(jdbc);
    var occurrences = new LinkedHashSet<Occurrence>();
    for (var event : events) {
      occur(occurrences, event);
      add(writes, event, AuditEntry.of(event));
    }
    for (var found : occurrences) {
      writes.add(
          OCCURRENCES,
          found.workspace,
          found.sought.facet.spelling(),
          found.sought.value,
          found.block);
    }
    writes.flush();
  }

  private static void occur(Set<Occurrence> occurrences, RecordedEvent event) {
    var workspace = event.metadata().workspace();
    long block = event.position() / BLOCK;
    occurrences.add(new Occurrence(workspace, sought(null, null), block));
    occurrences.add(new Occurrence(workspace, sought(null, event.type()), block));
    Stream.of(event.metadata().actor().id(), event.metadata().onBehalfOf())
        .filter(Objects::nonNull)
        .forEach(
            actor -> {
              occurrences.add(new Occurrence(workspace, sought(actor, null), block));
              occurrences.add(new Occurrence(workspace, sought(actor, event.type()), block));
            });
  }

  /** What the blocks are found by in which an actor or a type or both occur. */
  private static Sought sought(@Nullable String actor, @Nullable String type) {
    if (actor == null) {
      return type == null ? new Sought(Facet.ANY, "") : new Sought(Facet.TYPE, type);
    }
    return type == null
        ? new Sought(Facet.ACTOR, actor)
        : new Sought(Facet.ACTOR_AND_TYPE, actor + " " + type);
  }

  private void add(Writes writes, RecordedEvent event, AuditEntry entry) {
    var workspace = event.metadata().workspace();
    for (var mention : entry.mentions()) {
      writes.add(MENTIONS, workspace, mention, event.position(), mention.equals(entry.subject()));
    }
    for (var part : entry.parts()) {
      writes.add(PARTS, workspace, part.whole(), part.part(), event.position());
    }
    // An erasure is part of the history of what it erases.
    for (var position : entry.erases()) {
      log.event(position)
          .ifPresent(
              erased ->
                  writes.add(
                      MENTIONS,
                      erased.metadata().workspace(),
                      AuditEntry.of(erased).subject(),
                      event.position(),
                      true));
    }
  }

  /** Empties the view, in the caller's transaction. */
  void clear() {
    update("truncate occurrence, mention, part");
  }

  /** How many events of the log were recorded at or before the instant. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  long countUpTo(Instant instant) {
    return positionAt(instant.truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS));
  }

  /** The first events that the search finds, by position. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  List<Stored> find(Search search) {
    var from = search.from();
    var to = search.to();
    long after = from == null ? search.after() : Math.max(search.after(), positionAt(from) - 1);
    long before = to == null ? search.pinned() : Math.min(search.pinned(), positionAt(to));
    if (search.entity() != null) {
      return AuditEntry.isEntity(search.entity())
          ? ofTrail(search.entity(), search, after, before)
          : List.of();
    }
    var found = new ArrayList<Stored>();
    var blocks = blocks(search, after, before);
    while (!blocks.isEmpty() && found.size() < search.limit()) {
      found.addAll(within(blocks, search, after, before, search.limit() - found.size()));
      after = (blocks.getLast() + 1) * BLOCK - 1;
      blocks = blocks.size() < BLOCKS ? List.of() : blocks(search, after, before);
    }
    return found;
  }

  /** The first blocks in which there is, between two positions, anything that may be asked for. */
  private List<Long> blocks(Search search, long after, long before) {
    var sought = sought(search.actor(), search.type());
    return list(
        row -> row.getLong(1),
        """
        select o.block from occurrence o
         where o.value = ? and o.facet = ? and o.workspace = ? and o.block >= ? and o.block <= ?
         order by o.block limit ?
        """,
        sought.value,
        sought.facet.spelling(),
        search.workspace(),
        Math.floorDiv(after + 1, BLOCK),
        Math.floorDiv(before - 1, BLOCK),
        BLOCKS);
  }

  private List<Stored> within(
      List<Long> blocks, Search search, long after, long before, int limit) {
    var values = new ArrayList<@Nullable Object>();
    values.add(BLOCK);
    values.add(blocks.toArray(Long[]::new));
    values.add(BLOCK);
    values.addAll(wanted(search, after, before));
    values.add(limit);
    return stored(
        """
        with found as (
          select e.position
            from (select b * ? from unnest(?::bigint[]) b) as block (first),
                 lateral (
                   select * from log.event l
                    where l.position >= block.first and l.position < block.first + ?) e
           where %s
           order by e.position limit ?)
        """
                .formatted(WANTED)
            + STORED,
        values.toArray());
  }

  /** What the log's tags and the view's mentions say of an entity, and of what is part of it. */
  private List<Stored> ofTrail(String entity, Search search, long after, long before) {
    var workspace = search.workspace();
    var subjects = List.copyOf(AuditEntry.SUBJECTS.entrySet());
    var values = new ArrayList<@Nullable Object>();
    values.addAll(List.of(entity, workspace, before));
    values.addAll(List.of(workspace, entity, workspace, entity, workspace));
    values.add(subjects.stream().map(Map.Entry::getKey).toArray(String[]::new));
    values.add(subjects.stream().map(Map.Entry::getValue).toArray(String[]::new));
    values.add(workspace);
    values.addAll(wanted(search, after, before));
    values.add(search.limit());
    return stored(
        """
        with recursive trail (entity) as (
          select ?::text
          union
          select p.part from trail t
            join part p on p.workspace = ? and p.whole = t.entity and p.position < ?
        ), told (position) as (
          select t.position from log.tag t where t.workspace = ? and t.tag = ?
          union
          select m.position from mention m where m.workspace = ? and m.entity = ?
          union
          select t.position from trail r
            join log.tag t on t.workspace = ? and t.tag = r.entity collate "C"
            join unnest(?::text[], ?::text[]) as subject (type, key)
              on subject.type = t.type and subject.key = split_part(r.entity, ':', 1)
          union
          select m.position from trail r
            join mention m on m.workspace = ? and m.entity = r.entity and m.subject
        ), found as (
          select e.position from told join log.event e on e.position = told.position
           where %s
           order by e.position limit ?)
        """
                .formatted(WANTED)
            + STORED,
        values.toArray());
  }

  private static List<@Nullable Object> wanted(Search search, long after, long before) {
    var values = new ArrayList<@Nullable Object>();
    values.add(search.workspace());
    values.add(after);
    values.add(before);
    values.add(search.type());
    values.add(search.type());
    values.add(search.actor());
    values.add(search.actor());
    return values;
  }

  /** The event at a position, where it is of the workspace. */
  @Transactional(transactionManager = AuditView.DATASOURCE, readOnly = true)
  Optional<Stored> at(String workspace, long position) {
    return stored(
            "with found as (select position from log.event where workspace = ? and position = ?) "
                + STORED,
            workspace,
            position)
        .stream()
        .findFirst();
  }

  /** The position of the first event that was recorded at an instant or after it. */
  private long positionAt(Instant instant) {
    return list(row -> row.getLong(1), "select log.position_at(?)", utc(instant)).getFirst();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private List<Stored> stored(String sql, @Nullable Object... values) {
    return list(AuditRows::stored, sql, values);
  }

  /** Reads a row. */
  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> list(Row<T> reading, String sql, @Nullable Object... values) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          bind(statement, values);
          var found = new ArrayList<T>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(reading.read(rows));
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
