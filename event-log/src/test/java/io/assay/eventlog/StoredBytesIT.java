package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.contracts.testing.EventExamples;
import io.assay.contracts.testing.PlainSections;
import io.assay.eventlog.StoredEvents.StoredEvent;
import io.assay.eventlog.testing.Events;
import io.assay.eventlog.testing.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every stored byte of every event is what a second implementation says it must be. */
class StoredBytesIT {

  private static final EventCatalogue CATALOGUE = EventCatalogue.assay();
  private static final List<NewEvent> APPENDED = new ArrayList<>();
  private static PostgresServer.Database database;
  private static LogIdentity identity;
  private static List<StoredEvent> stored;

  @BeforeAll
  static void appendOneOfEverything() {
    database = PostgresServer.database();
    LogMigrations.permit(database.owner(), CATALOGUE);
    var logs = new HashMap<Writer, PostgresEventLog>();
    for (int round = 0; round < 2; round++) {
      for (var event : EventExamples.all()) {
        var writer = writer(event.getClass());
        var appended = new NewEvent(UUID.randomUUID(), event, Set.of(), Events.metadata("w"));
        APPENDED.add(appended);
        logs.computeIfAbsent(writer, StoredBytesIT::open)
            .append(new Append(List.of(appended), List.of()))
            .join();
      }
    }
    identity = logs.computeIfAbsent(Writer.REGISTRY, StoredBytesIT::open).identity();
    logs.values().forEach(PostgresEventLog::close);
    try (var rows = new PostgresStoredEvents(database.as(Writer.LINEAGE.role()))) {
      stored = rows.read(0, Integer.MAX_VALUE);
      assertThat(LogVerifier.verify(rows).faults()).isEmpty();
    }
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void whateverTextIsInItTheDatabaseSpellsAnEnvelopeAsRfc8785Wants() {
    var odd =
        IntStream.rangeClosed(1, 0x7f).mapToObj(Character::toString).collect(Collectors.joining())
            + "\u0080\u00e9\u2028\ufb01\uffff\ud83d\ude00";
    var metadata =
        new EventMetadata(
            odd,
            new Actor(odd, Actor.Kind.PERSON),
            odd,
            odd,
            Instant.parse("0000-01-01T00:00:00Z"),
            odd,
            odd,
            new UUID(0, 1),
            odd);
    try (var other = PostgresServer.database()) {
      LogMigrations.permit(other.owner(), CATALOGUE);
      var role = other.as(Writer.REGISTRY.role());
      var codec = EventCodec.of(new EventJson(CATALOGUE));
      try (var log = PostgresEventLog.on(role, role, Writer.REGISTRY.service(), codec).open();
          var rows = new PostgresStoredEvents(role)) {
        var event =
            EventExamples.all().stream().filter(e -> writer(e.getClass()) == Writer.REGISTRY);
        var tags =
            Set.of(
                new Tag("odd", odd.replaceAll("[\\p{Cntrl}\u0080]", "")),
                new Tag("odd", "\ud83d\ude00"),
                new Tag("odd", "\ufb01"));
        var odds = new NewEvent(UUID.randomUUID(), event.findFirst().orElseThrow(), tags, metadata);
        log.append(new Append(List.of(odds), List.of())).join();

        assertThat(LogVerifier.verify(rows).faults()).isEmpty();
        assertThat(log.event(0).orElseThrow().metadata()).isEqualTo(metadata);
        assertThat(log.event(0).orElseThrow().tags()).containsAll(tags);
      }
    }
  }

  @Test
  void sectionsAreTheEventsCanonicalBytesUnderAFreshSalt() {
    var salts = new ArrayList<String>();
    assertThat(stored).hasSameSizeAs(APPENDED);
    for (int i = 0; i < stored.size(); i++) {
      var event = APPENDED.get(i).event();
      var expected = new TreeMap<String, byte[]>();
      expected.put("payload", PlainSections.payload(event));
      var text = PlainSections.text(event);
      if (text != null) {
        expected.put("text", text);
      }
      assertThat(stored.get(i).sections()).hasSameSizeAs(expected.keySet());
      for (var section : stored.get(i).sections()) {
        var salt = Objects.requireNonNull(section.salt());
        var content = Objects.requireNonNull(section.bytes());
        assertThat(content).isEqualTo(expected.get(section.name()));
        assertThat(section.digest()).isEqualTo(PlainEnvelope.sha256(salt, content));
        salts.add(PlainEnvelope.hex(salt));
      }
    }
    assertThat(salts).doesNotHaveDuplicates().allMatch(salt -> salt.length() == 64);
  }

  @Test
  void envelopesAndLeavesAreThoseOfTheSecondImplementation() throws IOException {
    var last = new HashMap<String, Long>();
    for (int i = 0; i < stored.size(); i++) {
      var row = stored.get(i);
      var event = APPENDED.get(i);
      var entry = CATALOGUE.entry(event.event().getClass());
      var plain =
          PlainEnvelope.of(
              identity.log().toString(),
              i,
              event.id().toString(),
              "w",
              entry.type(),
              Objects.requireNonNull(row.columns().get("recordedAt")));
      PlainEnvelope.describe(plain, event.metadata());
      plain.put("version", entry.version());
      plain.put("schema", schema(entry));
      plain.put("writer", writer(event.event().getClass()).service());
      plain.put("tags", links(event, i, last));
      var digests = new HashMap<String, Object>();
      row.sections()
          .forEach(
              section ->
                  digests.put(
                      section.name(),
                      PlainEnvelope.hex(
                          PlainEnvelope.sha256(
                              Objects.requireNonNull(section.salt()),
                              Objects.requireNonNull(section.bytes())))));
      plain.put("sections", digests);
      assertThat(new String(row.envelope(), StandardCharsets.UTF_8))
          .isEqualTo(new String(PlainEnvelope.bytes(plain), StandardCharsets.UTF_8));
      assertThat(row.leaf()).isEqualTo(PlainEnvelope.leaf(row.envelope()));
    }
  }

  private static List<List<String>> links(NewEvent event, long position, Map<String, Long> last) {
    return event.tags().stream()
        .map(tag -> tag.key() + ":" + tag.value())
        .sorted(
            Comparator.comparing(
                tag -> tag.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
        .map(tag -> PlainEnvelope.link(tag, last.put(tag, position)))
        .toList();
  }

  private static String schema(EventCatalogue.Entry entry) throws IOException {
    var file = "/schemas/" + entry.type() + ".v" + entry.version() + ".json";
    try (var schema = EventCatalogue.class.getResourceAsStream(file)) {
      return PlainEnvelope.hex(PlainEnvelope.sha256(Objects.requireNonNull(schema).readAllBytes()));
    }
  }

  private static Writer writer(Class<? extends Event> event) {
    return CATALOGUE.entry(event).writers().stream().sorted().findFirst().orElseThrow();
  }

  private static PostgresEventLog open(Writer writer) {
    var role = database.as(writer.role());
    return PostgresEventLog.on(
            role, role, writer.service(), EventCodec.of(new EventJson(CATALOGUE)))
        .open();
  }
}
