package io.assay.eventlog;

import io.assay.contracts.Tag;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code log.append}: the appends of a batch, built on what is believed of the head.
 */
final class Batch {

  static final String CALL =
      "select outcome, real_head, real_recorded_at, real_previous, conflicts from log.append(?"
          + ", ?".repeat(32)
          + ")";

  /** What is true of the head and of tags, under the lock. */
  private static final String LOOK =
      """
      select (select coalesce(max(position) + 1, 0) from log.event),
             (select recorded_at from log.event order by position desc limit 1),
             array(
               select (select t.position from log.tag t
                        where t.tag = b.tag collate "C" and t.workspace = b.workspace collate "C"
                        order by t.position desc limit 1)
                 from unnest(?::text[], ?::text[]) with ordinality as b (tag, workspace, place)
                order by b.place)
      """;

  /** A tag in its workspace. */
  record Key(String workspace, Tag tag) {}

  /** What the function answered. */
  sealed interface Answer {
    record Inserted(long head) implements Answer {}

    /** Nothing is inserted; the batch was built on a false belief, and this is true. */
    record Moved(long head, @Nullable Instant recordedAt, Long[] previous) implements Answer {}

    /** Nothing is inserted; these appends, by their place in the batch, do not hold. */
    record Conflict(long head, List<Integer> appends) implements Answer {}
  }

  private final List<Pending> appends;
  private final long head;
  private final List<Key> keys = new ArrayList<>();
  private final Map<Key, Long> last = new HashMap<>();
  private final Map<Key, Integer> firstPlaces = new HashMap<>();
  private List<byte[]> leaves = List.of();
  private List<List<@Nullable Long>> chains = List.of();

  Batch(List<Pending> appends, long head) {
    this.appends = appends;
    this.head = head;
  }

  /** Looks up what is true of the head and of the batch's tags, and inserts nothing. */
  Answer.Moved look(Connection connection) throws SQLException {
    keys.clear();
    for (var append : appends) {
      for (var event : append.events) {
        event.tags().forEach(tag -> keys.add(new Key(event.metadata().workspace(), tag)));
      }
    }
    try (var look = connection.prepareStatement(LOOK)) {
      look.setArray(1, texts(connection, key -> key.tag().toString()));
      look.setArray(2, texts(connection, Key::workspace));
      try (var rows = look.executeQuery()) {
        rows.next();
        return new Answer.Moved(
            rows.getLong(1), recordedAt(rows, 2), (Long[]) rows.getArray(3).getArray());
      }
    }
  }

  private Array texts(Connection connection, Function<Key, String> text) throws SQLException {
    return connection.createArrayOf("text", keys.stream().map(text).toArray(String[]::new));
  }

  private static @Nullable Instant recordedAt(ResultSet row, int column) throws SQLException {
    var recordedAt = row.getObject(column, OffsetDateTime.class);
    return recordedAt == null ? null : recordedAt.withOffsetSameInstant(ZoneOffset.UTC).toInstant();
  }

  /**
   * Calls the function.
   *
   * @param call of {@link #CALL}
   * @param previous the believed positions of tags before this batch; null or absent where none
   */
  Answer call(
      PreparedStatement call,
      LogIdentity identity,
      String writer,
      Instant recordedAt,
      Map<Key, Long> previous)
      throws SQLException {
    keys.clear();
    last.clear();
    firstPlaces.clear();
    var events = new ArrayList<Pending.Encoded>();
    var owners = new ArrayList<Integer>();
    leaves = new ArrayList<>();
    chains = new ArrayList<>();
    var tagEvents = new ArrayList<Integer>();
    var links = new ArrayList<@Nullable Long>();
    var guards = new ArrayList<Pending.Condition>();
    var guarded = new ArrayList<Integer>();
    var time = Envelope.spell(recordedAt);
    for (int append = 0; append < appends.size(); append++) {
      var pending = appends.get(append);
      for (var condition : pending.conditions) {
        guards.add(condition);
        guarded.add(append + 1);
      }
      for (var event : pending.events) {
        long position = head + events.size();
        var chained = links(event, position, previous);
        events.add(event);
        owners.add(append + 1);
        leaves.add(event.of(identity, writer).envelope().leaf(position, time, chained));
        chained.forEach(link -> tagEvents.add(events.size()));
        links.addAll(chained);
        chains.add(chained);
      }
    }
    var parameters = new Parameters<>(call, events, 0);
    parameters.add(head).add(recordedAt.atOffset(ZoneOffset.UTC)).add(writer);
    parameters.array("int4", owners.toArray(Integer[]::new));
    parameters.array("bytea", leaves.toArray(byte[][]::new));
    parameters.each("uuid", UUID[]::new, event -> event.event().id());
    parameters.text(event -> event.metadata().workspace());
    parameters.text(event -> event.content().type());
    parameters.each("int4", Integer[]::new, event -> event.content().version());
    parameters.each("bytea", byte[][]::new, event -> event.content().schema().bytes());
    parameters.text(event -> event.metadata().actor().id());
    parameters.text(event -> event.metadata().actor().kind().spelling());
    parameters.text(event -> event.metadata().onBehalfOf());
    parameters.text(event -> event.metadata().client());
    parameters.text(event -> spelled(event.metadata().occurredAt()));
    parameters.text(event -> event.metadata().correlation());
    parameters.text(event -> event.metadata().causation());
    parameters.text(event -> spelled(event.metadata().decision()));
    parameters.text(event -> event.metadata().signature());
    parameters.each("bytea", byte[][]::new, event -> event.payload().salt());
    parameters.each("bytea", byte[][]::new, event -> event.payload().content());
    parameters.each(
        "bytea", byte[][]::new, event -> event.text() == null ? null : event.text().salt());
    parameters.each(
        "bytea", byte[][]::new, event -> event.text() == null ? null : event.text().content());
    parameters.array("int4", tagEvents.toArray(Integer[]::new));
    parameters.array("text", keys.stream().map(key -> key.tag().toString()).toArray(String[]::new));
    parameters.array("int8", links.toArray(Long[]::new));
    var conditions = new Parameters<>(call, guards, parameters.index);
    conditions.array("int4", guarded.toArray(Integer[]::new));
    conditions.text(Pending.Condition::workspace);
    conditions.each("int8", Long[]::new, Pending.Condition::marker);
    conditions.text(guard -> guard.tags().isEmpty() ? null : guard.tags().getFirst().toString());
    conditions.each("int4", Integer[]::new, this::place);
    conditions.text(Pending.Condition::othersLiteral);
    conditions.text(Pending.Condition::typesLiteral);
    return answer(call);
  }

  /**
   * Where the guard's tag stands first among those of the batch, from 1; null where it does not.
   */
  private @Nullable Integer place(Pending.Condition guard) {
    return guard.tags().isEmpty()
        ? null
        : firstPlaces.get(new Key(guard.workspace(), guard.tags().getFirst()));
  }

  private static @Nullable String spelled(@Nullable Instant time) {
    return time == null ? null : Envelope.spell(time);
  }

  private static @Nullable String spelled(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  /** The function's parameters, one after the other. */
  private static final class Parameters<S> {

    private final PreparedStatement call;
    private final List<S> subjects;
    private int index;

    /** Parameters after that of the index, about these subjects. */
    Parameters(PreparedStatement call, List<S> subjects, int index) {
      this.call = call;
      this.subjects = subjects;
      this.index = index;
    }

    Parameters<S> add(Object value) throws SQLException {
      call.setObject(++index, value);
      return this;
    }

    void array(String type, Object[] values) throws SQLException {
      call.setArray(++index, call.getConnection().createArrayOf(type, values));
    }

    /** What is said of each subject. */
    <T> void each(String type, IntFunction<T[]> array, Function<S, @Nullable T> value)
        throws SQLException {
      var values = array.apply(subjects.size());
      for (int i = 0; i < values.length; i++) {
        values[i] = value.apply(subjects.get(i));
      }
      array(type, values);
    }

    void text(Function<S, @Nullable String> value) throws SQLException {
      each("text", String[]::new, value);
    }
  }

  private static Answer answer(PreparedStatement call) throws SQLException {
    try (var rows = call.executeQuery()) {
      rows.next();
      var outcome = rows.getString(1);
      long head = rows.getLong(2);
      return switch (outcome) {
        case "appended" -> new Answer.Inserted(head);
        case "conflict" ->
            new Answer.Conflict(head, List.of((Integer[]) rows.getArray(5).getArray()));
        case "moved" -> {
          var previous = rows.getArray(4);
          yield new Answer.Moved(
              head,
              recordedAt(rows, 3),
              previous == null ? new Long[0] : (Long[]) previous.getArray());
        }
        default -> throw new SQLException("log.append answered " + outcome);
      };
    }
  }

  private List<@Nullable Long> links(
      Pending.Encoded event, long position, Map<Key, Long> previous) {
    var links = new ArrayList<@Nullable Long>(event.tags().size());
    for (var tag : event.tags()) {
      var key = new Key(event.metadata().workspace(), tag);
      keys.add(key);
      firstPlaces.putIfAbsent(key, keys.size());
      var inBatch = last.put(key, position);
      links.add(inBatch == null ? previous.get(key) : inBatch);
    }
    return links;
  }

  /** The true positions of tags before this batch, from the function's answer; null where none. */
  Map<Key, @Nullable Long> learned(Answer.Moved moved) {
    var learned = new HashMap<Key, @Nullable Long>();
    for (int i = 0; i < keys.size(); i++) {
      // The first occurrence of a tag tells what was before the batch.
      if (!learned.containsKey(keys.get(i))) {
        learned.put(keys.get(i), moved.previous()[i]);
      }
    }
    return learned;
  }

  /** The events of the batch, once it is durable. */
  List<Tail.Read> recorded(Instant recordedAt, String writer) {
    var recorded = new ArrayList<Tail.Read>(leaves.size());
    for (var append : appends) {
      for (var event : append.events) {
        int place = recorded.size();
        recorded.add(event.recorded(head + place, recordedAt, writer, leaves.get(place)));
      }
    }
    return recorded;
  }

  /**
   * Where its appends stand, in their order, once it is durable.
   *
   * @param recorded the events of the batch
   */
  List<Appended> appended(List<Tail.Read> recorded) {
    var appended = new ArrayList<Appended>(appends.size());
    int place = 0;
    for (var append : appends) {
      int next = place + append.events.size();
      var tags = append.events.getLast().tags();
      var chain = chains.get(next - 1);
      var previous = new HashMap<Tag, Long>();
      for (int i = 0; i < tags.size(); i++) {
        var position = chain.get(i);
        if (position != null) {
          previous.put(tags.get(i), position);
        }
      }
      var events = recorded.subList(place, next).stream().map(Tail.Read::event).toList();
      appended.add(new Appended(head + place, head + next - 1, events, previous));
      place = next;
    }
    return appended;
  }

  /** The positions of the batch's tags, once it is durable. */
  Map<Key, Long> written() {
    return last;
  }
}
