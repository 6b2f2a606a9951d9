package io.assay.eventlog;

import io.assay.eventlog.StoredEvents.StoredEvent;
import io.assay.eventlog.StoredEvents.StoredSection;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory, written from the description of the envelope with the JDK alone: a second
 * opinion on stored bytes that shares no code with the first.
 */
final class PlainLog implements StoredEvents {

  static final String LOG = "0f0e0d0c-0b0a-4908-8706-050403020100";

  private final List<StoredEvent> stored = new ArrayList<>();
  private final Map<String, Long> last = new HashMap<>();

  /** Appends an event of a type with tags; the text may be null. */
  StoredEvent append(
      String workspace, String type, String payload, @Nullable String text, String... tags) {
    long position = stored.size();
    var chained = new ArrayList<List<@Nullable String>>();
    for (var tag : new TreeSet<>(List.of(tags))) {
      var previous = last.put(workspace + " " + tag, position);
      chained.add(PlainEnvelope.link(tag, previous));
    }
    var sections = new ArrayList<StoredSection>();
    sections.add(section("payload", position, payload));
    if (text != null) {
      sections.add(section("text", position, text));
    }
    var digests = new LinkedHashMap<String, Object>();
    sections.forEach(
        section ->
            digests.put(
                section.name(),
                HexFormat.of().formatHex(Objects.requireNonNull(section.digest()))));
    var id = UUID.nameUUIDFromBytes(("event " + position).getBytes(StandardCharsets.UTF_8));
    var recordedAt =
        LocalDateTime.parse("2026-01-02T03:04:00")
            .plusSeconds(position)
            .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'"));
    var envelope = PlainEnvelope.of(LOG, position, id.toString(), workspace, type, recordedAt);
    envelope.put("tags", chained);
    envelope.put("sections", digests);
    var written = PlainEnvelope.bytes(envelope);
    var event =
        new StoredEvent(
            position,
            written,
            PlainEnvelope.leaf(written),
            Map.of("id", id.toString(), "type", type, "recordedAt", recordedAt),
            List.of(tags),
            sections);
    stored.add(event);
    return event;
  }

  /** Puts something else where an event stands. */
  void tamper(int position, StoredEvent other) {
    stored.set(position, other);
  }

  void remove(int position) {
    stored.remove(position);
  }

  void insert(int place, StoredEvent event) {
    stored.add(place, event);
  }

  StoredEvent event(int position) {
    return stored.get(position);
  }

  List<StoredEvent> events() {
    return List.copyOf(stored);
  }

  @Override
  public List<StoredEvent> read(long fromPosition, int limit) {
    return stored.stream().filter(e -> e.position() >= fromPosition).limit(limit).toList();
  }

  private static StoredSection section(String name, long position, String content) {
    var salt = PlainEnvelope.sha256(bytes("salt " + name + position));
    return new StoredSection(
        name, PlainEnvelope.sha256(salt, bytes(content)), salt, bytes(content));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
