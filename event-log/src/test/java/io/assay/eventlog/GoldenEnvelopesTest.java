package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes of envelopes and their leaves, for ever: golden files are added, never edited. */
class GoldenEnvelopesTest {

  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final UUID LOG = UUID.fromString("0f0e0d0c-0b0a-4908-8706-050403020100");
  private static final UUID ID = UUID.fromString("11111111-2222-4333-8444-555555555555");
  private static final UUID DECISION = UUID.fromString("66666666-7777-4888-9999-aaaaaaaaaaaa");
  private static final String HARD = "Zo\u00eb \"q\" \\ \n\u0001\u007f e\u0301 \u2028 \ud83d\ude00";
  private static final byte[] SALT = new byte[32];
  private static final byte[] PAYLOAD = "{\"model\":\"1\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TEXT = "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8);

  private static final EventMetadata EVERYTHING =
      new EventMetadata(
          "workspace " + HARD,
          new Actor("actor-1", Actor.Kind.SERVICE),
          "actor-2",
          "client " + HARD,
          Instant.parse("2026-01-02T03:04:05.678Z"),
          "correlation-1",
          "causation-1",
          DECISION,
          "ab".repeat(32));

  private static final Envelope FULL =
      new Envelope(
          new LogIdentity(LOG, 7),
          Long.MAX_VALUE,
          ID,
          "ModelRegistered",
          12,
          Sha256.of(PAYLOAD),
          Instant.parse("2026-01-02T03:04:05.000001Z"),
          "registry",
          EVERYTHING,
          List.of(
              new Envelope.Link(new Tag("model", "1"), null),
              new Envelope.Link(new Tag("name", "\ufb33"), 0L),
              new Envelope.Link(new Tag("name", "\ud83d\ude00"), 9007199254740993L)),
          new TreeMap<>(
              Map.of(
                  "payload",
                  Envelope.sectionDigest(SALT, PAYLOAD),
                  "text",
                  Envelope.sectionDigest(SALT, TEXT))));

  private static final Envelope BARE =
      new Envelope(
          new LogIdentity(LOG, 1),
          0,
          ID,
          "RunStarted",
          1,
          Sha256.of(PAYLOAD),
          Instant.parse("2026-01-02T03:04:05Z"),
          "registry",
          EventMetadata.of("default", new Actor("actor-1", Actor.Kind.SYSTEM), "correlation-1"),
          List.of(),
          new TreeMap<>(Map.of("payload", Envelope.sectionDigest(SALT, PAYLOAD))));

  @Test
  void envelopesHaveExactlyTheGoldenBytesAndLeaves() throws IOException {
    propose("envelope.v1.full", FULL);
    propose("envelope.v1.bare", BARE);
    compared("envelope.v1.full", FULL);
    compared("envelope.v1.bare", BARE);
  }

  @Test
  void aSecondImplementationWritesTheSameEnvelopeOfEverything() throws IOException {
    var plain =
        PlainEnvelope.of(
            LOG.toString(),
            Long.MAX_VALUE,
            ID.toString(),
            "",
            "ModelRegistered",
            "2026-01-02T03:04:05.000001Z");
    PlainEnvelope.describe(plain, EVERYTHING);
    plain.put("epoch", 7);
    plain.put("version", 12);
    plain.put("schema", PlainEnvelope.hex(PlainEnvelope.sha256(PAYLOAD)));
    plain.put(
        "tags",
        List.of(
            PlainEnvelope.link("model:1", null),
            PlainEnvelope.link("name:\ufb33", 0L),
            PlainEnvelope.link("name:\ud83d\ude00", 9007199254740993L)));
    plain.put(
        "sections",
        Map.of(
            "text",
            PlainEnvelope.hex(PlainEnvelope.sha256(SALT, TEXT)),
            "payload",
            PlainEnvelope.hex(PlainEnvelope.sha256(SALT, PAYLOAD))));
    assertGolden("envelope.v1.full", PlainEnvelope.bytes(plain));
  }

  @Test
  void aSecondImplementationWritesTheSameEnvelopeOfWhatEveryEventHas() throws IOException {
    var plain =
        PlainEnvelope.of(
            LOG.toString(),
            0,
            ID.toString(),
            "default",
            "RunStarted",
            "2026-01-02T03:04:05.000000Z");
    plain.put("actor", Map.of("kind", "system", "id", "actor-1"));
    plain.put("correlation", "correlation-1");
    plain.put("schema", PlainEnvelope.hex(PlainEnvelope.sha256(PAYLOAD)));
    plain.put(
        "sections", Map.of("payload", PlainEnvelope.hex(PlainEnvelope.sha256(SALT, PAYLOAD))));
    assertGolden("envelope.v1.bare", PlainEnvelope.bytes(plain));
  }

  @Test
  void headsOfGoldenEnvelopesReadBackAsTheyWere() throws IOException {
    assertThat(EnvelopeHead.read(Files.readAllBytes(file("envelope.v1.full.json"))))
        .isEqualTo(head(FULL));
    assertThat(EnvelopeHead.read(Files.readAllBytes(file("envelope.v1.bare.json"))))
        .isEqualTo(head(BARE));
  }

  private static EnvelopeHead head(Envelope envelope) {
    return new EnvelopeHead(
        envelope.position(), envelope.writer(), envelope.metadata(), envelope.tags());
  }

  @Test
  void headsOfAnythingElseAreRefused() {
    var json = new String(BARE.bytes(), StandardCharsets.UTF_8);
    for (var other :
        List.of(
            "",
            "[]",
            "{}",
            json.substring(0, json.length() / 2),
            json.replace("\"v\":1", "\"v\":2"),
            json.replace("sha256", "sha512"),
            json.replace("\"writer\":", "\"author\":"),
            json.replace("\"kind\":", "\"sort\":"))) {
      assertThatIllegalArgumentException()
          .as(other)
          .isThrownBy(() -> EnvelopeHead.read(other.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void propose(String name, Envelope envelope) throws IOException {
    var proposals = Path.of("target", "golden");
    Files.createDirectories(proposals);
    Files.write(proposals.resolve(name + ".json"), envelope.bytes());
    Files.writeString(proposals.resolve(name + ".leaf"), Envelope.leaf(envelope.bytes()).hex());
  }

  private static void compared(String name, Envelope envelope) throws IOException {
    var bytes = envelope.bytes();
    assertThat(bytes)
        .describedAs("A new format adds its bytes: copy target/golden/%s.*", name)
        .isEqualTo(Files.readAllBytes(file(name + ".json")));
    assertThat(Envelope.leaf(bytes).hex()).isEqualTo(Files.readString(file(name + ".leaf")));
  }

  private static void assertGolden(String name, byte[] plain) throws IOException {
    assertThat(plain).isEqualTo(Files.readAllBytes(file(name + ".json")));
    assertThat(PlainEnvelope.hex(PlainEnvelope.leaf(plain)))
        .isEqualTo(Files.readString(file(name + ".leaf")));
  }

  private static Path file(String name) {
    return GOLDEN.resolve(name);
  }
}
