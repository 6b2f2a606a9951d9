package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.Sha256;
import io.assay.eventlog.LogVerifier.Fault;
import io.assay.eventlog.LogVerifier.Kind;
import io.assay.eventlog.StoredEvents.StoredEvent;
import io.assay.eventlog.StoredEvents.StoredSection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogVerifierTest {

  private static final SortedMap<Long, Sha256> NO_ROOTS = Collections.emptySortedMap();

  private final PlainLog log = new PlainLog();

  @BeforeEach
  void aRoad() {
    log.append("default", "ModelRegistered", "{\"a\":1}", "{\"name\":\"Zo\u00eb\"}", "model:1");
    log.append("default", "ModelVersionRegistered", "{\"b\":1}", null, "model:1", "version:1");
    log.append("other", "ModelRegistered", "{\"a\":2}", "{\"name\":\"x\"}", "model:1");
    log.append("default", "ModelArchived", "{}", "{\"reason\":\"old\"}", "model:1");
  }

  @Test
  void aSoundLogIsFoundSoundAndItsRootIsThatOfItsEnvelopes() {
    var seen = new ArrayList<Long>();
    var found = LogVerifier.verify(log, 4, NO_ROOTS, (reading, events) -> seen.add(events));
    assertThat(found.faults()).isEmpty();
    assertThat(found.sound()).isTrue();
    assertThat(found.size()).isEqualTo(4);
    assertThat(found.root()).isEqualTo(root(log.events()));
    assertThat(seen).containsExactly(4L);
  }

  @Test
  void theRootIsKnownAtEverySize() {
    for (int size = 0; size <= 4; size++) {
      assertThat(LogVerifier.root(log, size)).isEqualTo(root(log.events().subList(0, size)));
      assertThat(LogVerifier.verify(log, size).root()).isEqualTo(LogVerifier.root(log, size));
    }
    assertThatThrownBy(() -> LogVerifier.root(log, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 events");
  }

  @Test
  void aMissingEventIsAGap() {
    log.remove(1);
    assertThat(faults()).contains(new Fault(1, Kind.POSITION, "missing; the next event is at 2"));
  }

  @Test
  void aShorterLogThanAskedForIsAFault() {
    assertThat(LogVerifier.verify(log, 5).faults())
        .containsExactly(new Fault(4, Kind.POSITION, "the log ends here, before 5 events"));
  }

  @Test
  void aRepeatedEventIsAFault() {
    log.insert(2, log.event(1));
    assertThat(faults())
        .contains(new Fault(1, Kind.POSITION, "repeated or out of order after 1"))
        .anyMatch(fault -> fault.cause().endsWith("is used a second time"));
  }

  @Test
  void aChangedEnvelopeHasAnotherLeafAndChangesTheRoot() {
    var before = LogVerifier.verify(log).root();
    changed(1, envelope -> envelope.replace("registry", "lineage1"));
    assertThat(faults())
        .contains(new Fault(1, Kind.LEAF, "the leaf hash is not that of the envelope"));
    assertThat(LogVerifier.verify(log).root()).isNotEqualTo(before);
  }

  @Test
  void anEnvelopeThatIsNotCanonicalIsAFault() {
    rewritten(1, envelope -> envelope.replace("{\"actor\"", "{ \"actor\""));
    assertThat(causes()).anyMatch(cause -> cause.startsWith("the envelope is not canonical JSON"));
  }

  @Test
  void anEnvelopeAtAnotherPositionIsAFault() {
    rewritten(1, envelope -> envelope.replace("\"position\":\"1\"", "\"position\":\"7\""));
    assertThat(faults())
        .containsExactly(new Fault(1, Kind.POSITION, "the envelope says position 7"));
  }

  @Test
  void anEnvelopeOfAnotherLogIsAFault() {
    rewritten(1, envelope -> envelope.replace(PlainLog.LOG, PlainLog.LOG.replace("0f", "ff")));
    assertThat(causes()).anyMatch(cause -> cause.startsWith("the envelope is of another log"));
  }

  @Test
  void anEpochThatGoesBackIsAFault() {
    rewritten(1, envelope -> envelope.replace("\"epoch\":1", "\"epoch\":2"));
    assertThat(faults())
        .containsExactly(
            new Fault(2, Kind.TIME, "the epoch goes back from 2 to 1"),
            new Fault(3, Kind.TIME, "the epoch goes back from 2 to 1"));
  }

  @Test
  void timeThatGoesBackIsAFault() {
    var event = log.event(2);
    log.tamper(
        2,
        with(
            event,
            text(event.envelope()).replace("03:04:02.", "03:03:02."),
            Map.of("type", "ModelRegistered")));
    assertThat(causes()).singleElement().asString().startsWith("recordedAt goes back");
  }

  @Test
  void aColumnThatSaysAnythingElseIsAFault() {
    var event = log.event(0);
    log.tamper(0, with(event, text(event.envelope()), Map.of("type", "ModelArchived")));
    assertThat(faults())
        .containsExactly(
            new Fault(
                0,
                Kind.LEAF,
                "the column type is ModelArchived, the envelope says \"ModelRegistered\""));
  }

  @Test
  void aChangedSectionIsAFault() {
    section(0, 0, new StoredSection("payload", digest(0), salt(0), bytes("{\"a\":2}")));
    assertThat(faults())
        .containsExactly(
            new Fault(0, Kind.SECTION, "the section payload is not what the envelope commits to"));
  }

  @Test
  void aStoredDigestThatIsNotTheEnvelopesIsAFault() {
    section(
        0,
        0,
        new StoredSection(
            "payload", new byte[32], salt(0), log.event(0).sections().getFirst().bytes()));
    assertThat(faults())
        .containsExactly(
            new Fault(0, Kind.SECTION, "the stored digest of payload is not that of the envelope"));
  }

  @Test
  void aPayloadIsNeverGone() {
    section(0, 0, new StoredSection("payload", digest(0), null, null));
    assertThat(faults()).containsExactly(new Fault(0, Kind.SECTION, "the section payload is gone"));
  }

  @Test
  void aTextErasedByOrderIsSoundAtEverySizeAndLeavesTheRoot() {
    var before = LogVerifier.verify(log).root();
    section(0, 1, new StoredSection("text", null, null, null));
    assertThat(faults())
        .containsExactly(new Fault(0, Kind.SECTION, "its text is gone and no event orders that"));
    log.append("default", "ErasureOrdered", "{\"positions\":[\"0\"]}", null, "erasure:ordered");
    assertThat(faults()).isEmpty();
    var prefix = LogVerifier.verify(log, 4);
    assertThat(prefix.faults()).isEmpty();
    assertThat(prefix.root()).isEqualTo(before);
  }

  @Test
  void aSaltLeftBehindIsAnErasureByHalf() {
    section(0, 1, new StoredSection("text", null, salt(0), null));
    assertThat(faults())
        .containsExactly(new Fault(0, Kind.SECTION, "the section text is erased by half"));
  }

  @Test
  void anEventLeftOutOfATagsChainShows() {
    rewritten(3, envelope -> envelope.replace("[\"model:1\",\"1\"]", "[\"model:1\",\"0\"]"));
    assertThat(faults())
        .containsExactly(
            new Fault(3, Kind.PREVIOUS, "the tag model:1 names 0 as the event before, which is 1"));
  }

  @Test
  void aChainDoesNotCrossWorkspaces() {
    rewritten(2, envelope -> envelope.replace("[\"model:1\",null]", "[\"model:1\",\"1\"]"));
    assertThat(faults())
        .containsExactly(
            new Fault(
                2, Kind.PREVIOUS, "the tag model:1 names 1 as the event before, which is null"));
  }

  @Test
  void aTagIndexThatSaysAnythingElseIsAFault() {
    var event = log.event(1);
    log.tamper(
        1,
        new StoredEvent(
            1,
            event.envelope(),
            event.leaf(),
            event.columns(),
            List.of("model:1"),
            event.sections()));
    assertThat(faults())
        .containsExactly(
            new Fault(
                1,
                Kind.PREVIOUS,
                "it is found by the tags [model:1], the envelope says [model:1, version:1]"));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 16, 64, 1024})
  void whereThereIsNoRoomForAllTagsNothingIsMissedAndNothingToldTwice(int slots) {
    var random = new Random(slots);
    for (int i = 4; i < 300; i++) {
      var workspace = "workspace-" + random.nextInt(3);
      log.append(
          workspace, "Registered", "{}", null, "model:" + random.nextInt(90), "version:" + i);
    }
    for (int i = 0; i < 60; i++) {
      rewritten(
          random.nextInt(300),
          envelope -> envelope.replaceFirst("\\[\"(model:\\d+)\",[^]]*]", "[\"$1\",\"77\"]"));
    }
    for (int i = 0; i < 10; i++) {
      var id = id(random.nextInt(150));
      int position = 150 + random.nextInt(150);
      rewritten(position, envelope -> envelope.replace(id(position), id));
    }
    var read = new TreeMap<Integer, Long>();
    var all = LogVerifier.verify(log, 300, NO_ROOTS, read::put, 1 << 12);
    assertThat(all.faults()).hasSizeGreaterThan(60);
    assertThat(read).isEqualTo(Map.of(1, 300L));

    var found = LogVerifier.verify(log, 300, NO_ROOTS, read::put, slots);
    assertThat(found.faults()).containsExactlyInAnyOrderElementsOf(all.faults());
    assertThat(found.faultCount()).isEqualTo(all.faultCount());
    assertThat(found.root()).isEqualTo(all.root());
    assertThat(read.values()).containsOnly(300L);
    assertThat(read).hasSizeGreaterThanOrEqualTo(slots == 1024 ? 1 : 4);
  }

  @Test
  void aLogThatWasRewrittenThroughoutIsNotTheOneOfItsEarlierRoots() {
    var roots = new TreeMap<Long, Sha256>();
    for (long size = 0; size <= 4; size++) {
      roots.put(size, LogVerifier.root(log, size));
    }
    assertThat(verified(roots).faults()).isEmpty();

    var was = LogVerifier.root(log, 3);
    rewritten(2, envelope -> envelope.replace("registry", "lineage1"));
    assertThat(faults()).isEmpty();
    assertThat(verified(roots).faults())
        .containsExactly(
            new Fault(
                2,
                Kind.ROOT,
                "the root over the first 3 events is %s, and was %s; over the first 2 it is what it was"
                    .formatted(LogVerifier.root(log, 3).hex(), was.hex())));
    assertThat(verified(roots.headMap(3L)).faults()).isEmpty();
  }

  @Test
  void aLogThatWasCutIsNotTheOneOfItsEarlierRoots() {
    var roots = new TreeMap<>(Map.of(4L, LogVerifier.root(log, 4)));
    log.remove(3);
    assertThat(faults()).isEmpty();
    assertThat(verified(roots).faults())
        .containsExactly(new Fault(3, Kind.ROOT, "the log ends here; it had 4 events"));
  }

  private LogVerifier.Verification verified(SortedMap<Long, Sha256> roots) {
    return LogVerifier.verify(log, Long.MAX_VALUE, roots, (reading, events) -> {});
  }

  private String id(int position) {
    return text(log.event(position).envelope())
        .replaceFirst(".*\"id\":\"([0-9a-f-]{36})\".*", "$1");
  }

  private List<Fault> faults() {
    return LogVerifier.verify(log).faults();
  }

  private List<String> causes() {
    return faults().stream().map(Fault::cause).toList();
  }

  /** Changes the envelope and nothing else. */
  private void changed(int position, UnaryOperator<String> change) {
    var event = log.event(position);
    log.tamper(
        position,
        new StoredEvent(
            event.position(),
            bytes(change.apply(text(event.envelope()))),
            event.leaf(),
            event.columns(),
            event.tags(),
            event.sections()));
  }

  /** Changes the envelope as somebody would who can also write the leaf hash. */
  private void rewritten(int position, UnaryOperator<String> change) {
    var event = log.event(position);
    log.tamper(position, with(event, change.apply(text(event.envelope())), event.columns()));
  }

  private static StoredEvent with(StoredEvent event, String envelope, Map<String, String> columns) {
    return new StoredEvent(
        event.position(),
        bytes(envelope),
        PlainEnvelope.leaf(bytes(envelope)),
        columns,
        event.tags(),
        event.sections());
  }

  private void section(int position, int place, StoredSection section) {
    var event = log.event(position);
    var sections = new ArrayList<>(event.sections());
    sections.set(place, section);
    log.tamper(
        position,
        new StoredEvent(
            event.position(),
            event.envelope(),
            event.leaf(),
            event.columns(),
            event.tags(),
            sections));
  }

  private byte @Nullable [] digest(int position) {
    return log.event(position).sections().getFirst().digest();
  }

  private byte @Nullable [] salt(int position) {
    return log.event(position).sections().getFirst().salt();
  }

  private static Sha256 root(List<StoredEvent> events) {
    return MerkleTree.root(
        events.stream().map(event -> MerkleTree.leaf(event.envelope())).toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
