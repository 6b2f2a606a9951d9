package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvelopeTemplateTest {

  private static final List<Tag> TAGS =
      List.of(new Tag("a", "\u00e9"), new Tag("b", "null"), new Tag("c", "\"0\""));

  private static Envelope envelope(
      long position, Instant recordedAt, List<@Nullable Long> previous) {
    var links =
        IntStream.range(0, TAGS.size())
            .mapToObj(i -> new Envelope.Link(TAGS.get(i), previous.get(i)))
            .toList();
    return new Envelope(
        new LogIdentity(new UUID(1, 2), 3),
        position,
        new UUID(3, 4),
        "Noted",
        1,
        Sha256.of(new byte[0]),
        recordedAt,
        "registry",
        // What looks like an open value is none.
        EventMetadata.of("\ud83d\ude00", new Actor("\"position\":\"0\"", Actor.Kind.PERSON), "c"),
        links,
        new TreeMap<>(Map.of("payload", Sha256.of(new byte[1]))));
  }

  @Test
  void aFilledTemplateIsTheEnvelope() {
    var template = envelope(0, Instant.EPOCH, Arrays.asList(null, null, null)).template();
    var recordedAt = Instant.parse("2026-01-02T03:04:05.000007Z");
    List<@Nullable Long> previous = Arrays.asList(12L, null, Long.MAX_VALUE);

    var filled = template.bytes(Long.MAX_VALUE, Envelope.spell(recordedAt), previous);

    assertThat(filled).isEqualTo(envelope(Long.MAX_VALUE, recordedAt, previous).bytes());
    assertThat(template.leaf(Long.MAX_VALUE, Envelope.spell(recordedAt), previous))
        .isEqualTo(Envelope.leaf(filled).bytes());
    assertThat(filled.length).isLessThanOrEqualTo(template.maximumSize());
  }

  @Test
  void noEnvelopeIsLargerThanItsTemplateSays() {
    var largest =
        envelope(
            Long.MAX_VALUE, Instant.EPOCH, List.of(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    assertThat(largest.template().maximumSize()).isEqualTo(largest.bytes().length);
  }
}
