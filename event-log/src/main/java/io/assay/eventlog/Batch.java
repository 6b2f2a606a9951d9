package io.assay.eventlog;

import io.assay.contracts.Tag;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code log.append}: the appends of a batch, built on what is believed of the head.
 */
final class Batch {

  static final String CALL =
      "select outcome, real_head, real_recorded_at, real_previous, conflicts"
          + " from log.append(?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)";

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

  Batch(List<Pending> appends, long head) {
    this.appends = appends;
    this.head = head;
  }

  /**
   * Calls the function.
   *
   * @param previous the believed positions of tags before this batch; null or absent where none
   */
  Answer call(
      Connection connection,
      PreparedStatement call,
      LogIdentity identity,
      String writer,
      Instant recordedAt,
      Map<Key, Long> previous)
      throws SQLException {
    int count = appends.stream().mapToInt(append -> append.events.size()).sum();
    var owners = new Integer[count];
    var envelopes = new byte[count][];
    var leaves = new byte[count][];
    var sectionEvents = new ArrayList<Integer>(count * 2);
    var sections = new ArrayList<Pending.Section>(count * 2);
    var guards = new StringBuilder("[");
    var time = Envelope.spell(recordedAt);
    keys.clear();
    last.clear();
    int event = 0;
    for (int append = 0; append < appends.size(); append++) {
      var pending = appends.get(append);
      for (var condition : pending.conditions) {
        guards.append(guards.length() == 1 ? "" : ",").append("{\"append\":").append(append + 1);
        guards.append(condition.json());
      }
      for (var encoded : pending.events) {
        long position = head + event;
        var envelope =
            encoded
                .of(identity, writer)
                .envelope()
                .bytes(position, time, links(encoded, position, previous));
        owners[event] = append + 1;
        envelopes[event] = envelope;
        leaves[event] = Envelope.leaf(envelope).bytes();
        event++;
        for (var section : encoded.sections()) {
          sectionEvents.add(event);
          sections.add(section);
        }
      }
    }
    call.setLong(1, head);
    call.setArray(2, connection.createArrayOf("int4", owners));
    call.setArray(3, connection.createArrayOf("bytea", envelopes));
    call.setArray(4, connection.createArrayOf("bytea", leaves));
    call.setArray(5, connection.createArrayOf("int4", sectionEvents.toArray(new Integer[0])));
    call.setArray(
        6,
        connection.createArrayOf(
            "text", sections.stream().map(Pending.Section::name).toArray(String[]::new)));
    call.setArray(
        7,
        connection.createArrayOf(
            "bytea", sections.stream().map(Pending.Section::salt).toArray(byte[][]::new)));
    call.setArray(
        8,
        connection.createArrayOf(
            "bytea", sections.stream().map(Pending.Section::content).toArray(byte[][]::new)));
    call.setString(9, guards.append(']').toString());
    return answer(call);
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
          var recordedAt = rows.getObject(3, OffsetDateTime.class);
          var previous = rows.getArray(4);
          yield new Answer.Moved(
              head,
              recordedAt == null
                  ? null
                  : recordedAt.withOffsetSameInstant(ZoneOffset.UTC).toInstant(),
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
      var key = new Key(event.event().metadata().workspace(), tag);
      keys.add(key);
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

  /** The positions of the batch's tags, once it is durable. */
  Map<Key, Long> written() {
    return last;
  }
}
