package io.assay.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assay.contracts.CanonicalJson;
import io.assay.contracts.Sha256;
import io.assay.eventlog.StoredEvents.StoredEvent;
import io.assay.eventlog.StoredEvents.StoredSection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads every stored byte of a log again and checks it against the log's own promises, without the
 * code that wrote it and without a database.
 *
 * <p>Checked are: positions from 0 without gap; leaf hashes; envelopes, canonical and equal to the
 * columns and tags beside them; section digests; that only text is erased, and only by order; the
 * chain of previous positions of every tag; ids used once; one log, epochs and recorded times that
 * never go back. The root is computed from the envelopes, not from the stored leaf hashes, and
 * compared with roots that are known from before: a log that was rewritten keeps all other
 * promises.
 *
 * <p>Takes a quarter of the virtual machine's memory at most: a log of more tags and ids than that
 * holds is read several times, each time for a share of them.
 */
public final class LogVerifier {

  /** Events read at a time. */
  private static final int PAGE = 1_000;

  /** Faults kept; more are only counted. */
  private static final int KEPT_FAULTS = 1_000;

  private static final String ERASURE = "ErasureOrdered";

  /** Ids are the log's; a tag is its workspace's, and not taken for an id. */
  private static final String NO_WORKSPACE = "";

  private static final String TAG = "tag ";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Which promise is broken. */
  public enum Kind {
    /** Positions from 0 without gap. */
    POSITION,
    /** The leaf is the hash of the envelope, and what repeats the envelope says the same. */
    LEAF,
    /** A section is the one that its envelope commits to. */
    SECTION,
    /** Every tag names the event before, and is where the event is found. */
    PREVIOUS,
    /** Time and epoch never go back. */
    TIME,
    /** The first so many events have the root that they had. */
    ROOT
  }

  /** Told how far a verification is, now and then. */
  @FunctionalInterface
  public interface Progress {

    /**
     * Is told.
     *
     * @param reading which reading of the log this is, from 1
     * @param events how many events it has read
     */
    void read(int reading, long events);
  }

  /** Something stored that cannot be as the log promises. */
  public record Fault(long position, Kind kind, String cause) {
    @Override
    public String toString() {
      return "position " + position + ": " + cause;
    }
  }

  /**
   * What was found.
   *
   * @param size the count of events read
   * @param root the RFC 6962 root over them
   * @param faults the first {@value #KEPT_FAULTS} faults, in the order they were found
   * @param faultCount how many there are in all
   */
  public record Verification(long size, Sha256 root, List<Fault> faults, long faultCount) {

    public boolean sound() {
      return faultCount == 0;
    }
  }

  private final MerkleTree tree = new MerkleTree();
  private final SortedMap<Long, Sha256> earlierRoots;
  private final LastPositions known;
  private final Progress progress;
  private final Set<Long> erased = new TreeSet<>();
  private final Set<Long> ordered = new HashSet<>();
  private final List<Fault> faults = new ArrayList<>();
  private long faultCount;
  private long expected;
  private @Nullable String log;
  private int epoch;
  private Instant recordedAt = Instant.MIN;

  private LogVerifier(
      SortedMap<Long, Sha256> earlierRoots, LastPositions known, Progress progress) {
    this.earlierRoots = new TreeMap<>(earlierRoots.tailMap(1L)); // of nothing the root is known
    this.known = known;
    this.progress = progress;
  }

  /** Verifies the whole log. */
  public static Verification verify(StoredEvents stored) {
    return verify(stored, Long.MAX_VALUE);
  }

  /** Verifies the first {@code size} events. */
  public static Verification verify(StoredEvents stored, long size) {
    return verify(stored, size, Collections.emptySortedMap(), (reading, events) -> {});
  }

  /**
   * Verifies the first {@code size} events; that there are fewer is a fault unless all were asked
   * for with {@link Long#MAX_VALUE}. Later events are read only where they may order an erasure.
   *
   * @param earlierRoots what the roots over the first so many events were; of those that are not so
   *     now, the first is told, since the others follow from it
   */
  public static Verification verify(
      StoredEvents stored, long size, SortedMap<Long, Sha256> earlierRoots, Progress progress) {
    return verify(stored, size, earlierRoots, progress, LastPositions.affordable());
  }

  /**
   * The same with room for so many tags and ids.
   *
   * @param slots a power of two
   */
  static Verification verify(
      StoredEvents stored,
      long size,
      SortedMap<Long, Sha256> earlierRoots,
      Progress progress,
      int slots) {
    return new LogVerifier(earlierRoots, new LastPositions(slots), progress).run(stored, size);
  }

  /** The root over the first {@code size} stored envelopes; refuses a size beyond the log's end. */
  public static Sha256 root(StoredEvents stored, long size) {
    var tree = new MerkleTree();
    while (tree.size() < size) {
      var page = stored.read(tree.size(), (int) Math.min(PAGE, size - tree.size()));
      if (page.isEmpty()) {
        throw new IllegalArgumentException(
            "The log has %d events, not %d".formatted(tree.size(), size));
      }
      for (var event : page) {
        if (event.position() != tree.size()) {
          throw new IllegalStateException("Position " + tree.size() + " is missing");
        }
        tree.add(MerkleTree.leaf(event.envelope()));
      }
    }
    return tree.root();
  }

  private Verification run(StoredEvents stored, long size) {
    long agreed = 0;
    while (expected < size) {
      var page = stored.read(expected, (int) Math.min(PAGE, size - expected));
      if (page.isEmpty()) {
        break;
      }
      for (var event : page) {
        if (event.position() >= size) {
          break;
        }
        inOrder(event.position());
        tree.add(MerkleTree.leaf(event.envelope()));
        agreed = rootSince(agreed);
        event(event);
        known.settle(event.position());
      }
      progress.read(1, tree.size());
    }
    if (size != Long.MAX_VALUE && expected < size) {
      fault(expected, Kind.POSITION, "the log ends here, before " + size + " events");
    }
    if (size == Long.MAX_VALUE && !earlierRoots.isEmpty()) {
      fault(expected, Kind.ROOT, "the log ends here; it had " + earlierRoots.lastKey() + " events");
    }
    erasuresWithoutOrder(stored);
    followTheOthers(stored);
    return new Verification(tree.size(), tree.root(), List.copyOf(faults), faultCount);
  }

  /**
   * Compares the root with what it was, where that is known.
   *
   * @param agreed over how many events it was found to be the same
   * @return the same after this
   */
  private long rootSince(long agreed) {
    var before = earlierRoots.remove(tree.size());
    if (before == null) {
      return agreed;
    }
    var now = tree.root();
    if (now.equals(before)) {
      return tree.size();
    }
    fault(
        agreed,
        Kind.ROOT,
        "the root over the first %d events is %s, and was %s; over the first %d it is what it was"
            .formatted(tree.size(), now.hex(), before.hex(), agreed));
    earlierRoots.clear();
    return agreed;
  }

  /** Ids and tags of which there was no room for the positions. */
  private void followTheOthers(StoredEvents stored) {
    for (int reading = 2; known.next(); reading++) {
      long read = 0;
      for (long from = 0; from < expected; ) {
        var page = stored.read(from, (int) Math.min(PAGE, expected - from));
        if (page.isEmpty()) {
          break;
        }
        for (var event : page) {
          if (event.position() < expected) {
            follow(event);
            known.settle(event.position());
            read++;
          }
          from = Math.max(from, event.position() + 1);
        }
        progress.read(reading, read);
      }
    }
  }

  private void follow(StoredEvent event) {
    try {
      follow(event.position(), parse(event.envelope()));
    } catch (IOException | IllegalArgumentException e) {
      return; // told in the first reading
    }
  }

  private void follow(long position, JsonNode envelope) {
    used(position, envelope.path("id").asText());
    var workspace = envelope.path("workspace").asText();
    var followed = new HashSet<String>();
    for (var entry : envelope.path("tags")) {
      if (followed.add(entry.path(0).asText())) {
        linked(position, workspace, entry);
      }
    }
  }

  private void erasuresWithoutOrder(StoredEvents stored) {
    erased.removeAll(ordered);
    for (long from = expected; !erased.isEmpty(); ) {
      var page = stored.read(from, PAGE);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(this::erasureOrderedLater);
      erased.removeAll(ordered);
      from = page.getLast().position() + 1;
    }
    erased.forEach(
        position -> fault(position, Kind.SECTION, "its text is gone and no event orders that"));
  }

  private void erasureOrderedLater(StoredEvent event) {
    try {
      if (parse(event.envelope()).path("type").asText().equals(ERASURE)) {
        erasure(event);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Beyond what is verified here: whoever verifies that far is told.
      return;
    }
  }

  private void inOrder(long position) {
    if (position > expected) {
      fault(expected, Kind.POSITION, "missing; the next event is at " + position);
    } else if (position < expected) {
      fault(position, Kind.POSITION, "repeated or out of order after " + (expected - 1));
    }
    expected = Math.max(expected, position + 1);
  }

  private void event(StoredEvent event) {
    long position = event.position();
    if (!Arrays.equals(event.leaf(), MerkleTree.leaf(event.envelope()).bytes())) {
      fault(position, Kind.LEAF, "the leaf hash is not that of the envelope");
    }
    JsonNode envelope;
    try {
      envelope = parse(event.envelope());
    } catch (IOException | IllegalArgumentException e) {
      fault(position, Kind.LEAF, "the envelope is not canonical JSON: " + e.getMessage());
      return;
    }
    fixedFields(position, envelope);
    columns(event, envelope);
    tags(event, envelope);
    follow(position, envelope);
    sections(event, envelope);
  }

  private static JsonNode parse(byte[] envelope) throws IOException {
    var parsed = JSON.readTree(strictText(envelope));
    if (parsed == null || !parsed.isObject()) {
      throw new IllegalArgumentException("no object");
    }
    if (!Arrays.equals(CanonicalJson.bytes(parsed), envelope)) {
      throw new IllegalArgumentException("other bytes than RFC 8785 gives");
    }
    return parsed;
  }

  private static String strictText(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private void fixedFields(long position, JsonNode envelope) {
    if (envelope.path("v").asInt() != 1 || !envelope.path("hash").asText().equals("sha256")) {
      fault(position, Kind.LEAF, "the envelope is not of version 1 with sha256");
    }
    if (!envelope.path("position").asText().equals(Long.toString(position))) {
      fault(
          position,
          Kind.POSITION,
          "the envelope says position " + envelope.path("position").asText());
    }
    var thisLog = envelope.path("log").asText();
    if (log == null) {
      log = thisLog;
    } else if (!log.equals(thisLog)) {
      fault(position, Kind.LEAF, "the envelope is of another log, " + thisLog);
    }
    int thisEpoch = envelope.path("epoch").asInt();
    if (thisEpoch < epoch) {
      fault(position, Kind.TIME, "the epoch goes back from " + epoch + " to " + thisEpoch);
    }
    epoch = Math.max(epoch, thisEpoch);
    try {
      var at = Instant.parse(envelope.path("recordedAt").asText());
      if (at.isBefore(recordedAt)) {
        fault(position, Kind.TIME, "recordedAt goes back from " + recordedAt + " to " + at);
      } else {
        recordedAt = at;
      }
    } catch (DateTimeException e) {
      fault(position, Kind.TIME, "recordedAt is no time: " + envelope.path("recordedAt").asText());
    }
  }

  private void columns(StoredEvent event, JsonNode envelope) {
    event
        .columns()
        .forEach(
            (name, value) -> {
              var said = envelope.path(name);
              if (said.isMissingNode() || !said.asText().equals(value)) {
                fault(
                    event.position(),
                    Kind.LEAF,
                    "the column %s is %s, the envelope says %s".formatted(name, value, said));
              }
            });
  }

  private void used(long position, String id) {
    if (known.put(NO_WORKSPACE, id, position) >= 0) {
      fault(position, Kind.LEAF, "the id " + id + " is used a second time");
    }
  }

  private void linked(long position, String workspace, JsonNode entry) {
    var tag = entry.path(0).asText();
    long last = known.put(workspace, TAG + tag, position);
    if (last == LastPositions.NOT_HERE) {
      return;
    }
    var said = entry.path(1).isNull() ? null : entry.path(1).asText();
    var found = last == LastPositions.NONE ? null : Long.toString(last);
    if (!Objects.equals(said, found)) {
      fault(
          position,
          Kind.PREVIOUS,
          "the tag %s names %s as the event before, which is %s".formatted(tag, said, found));
    }
  }

  private void tags(StoredEvent event, JsonNode envelope) {
    var named = new HashSet<String>();
    for (var entry : envelope.path("tags")) {
      var tag = entry.path(0).asText();
      if (!named.add(tag)) {
        fault(event.position(), Kind.PREVIOUS, "the tag " + tag + " stands twice");
      }
    }
    if (event.tags() != null) {
      var indexed = new HashSet<>(event.tags());
      if (!indexed.equals(named) || indexed.size() != event.tags().size()) {
        fault(
            event.position(),
            Kind.PREVIOUS,
            "it is found by the tags %s, the envelope says %s"
                .formatted(new TreeSet<>(event.tags()), new TreeSet<>(named)));
      }
    }
  }

  private void sections(StoredEvent event, JsonNode envelope) {
    var committed = envelope.path("sections");
    var present = new HashSet<String>();
    for (var section : event.sections()) {
      if (!present.add(section.name())) {
        fault(event.position(), Kind.SECTION, "the section " + section.name() + " is stored twice");
        continue;
      }
      var digest = committed.path(section.name());
      if (digest.isMissingNode()) {
        fault(event.position(), Kind.SECTION, "the envelope has no section " + section.name());
        continue;
      }
      section(event.position(), section, digest.asText());
    }
    if (!committed.has("payload")) {
      fault(event.position(), Kind.SECTION, "the envelope has no payload");
    }
    for (var name : iterable(committed)) {
      if (!present.contains(name)) {
        gone(event.position(), name);
      }
    }
    if (envelope.path("type").asText().equals(ERASURE)) {
      erasure(event);
    }
  }

  private void section(long position, StoredSection section, String committed) {
    if (section.digest() != null && !HexFormat.of().formatHex(section.digest()).equals(committed)) {
      fault(
          position,
          Kind.SECTION,
          "the stored digest of " + section.name() + " is not that of the envelope");
    }
    if (section.bytes() == null && section.salt() == null) {
      gone(position, section.name());
    } else if (section.bytes() == null || section.salt() == null) {
      fault(position, Kind.SECTION, "the section " + section.name() + " is erased by half");
    } else if (section.salt().length != 32) {
      fault(position, Kind.SECTION, "the salt of " + section.name() + " has not 32 bytes");
    } else if (!Sha256.of(section.salt(), section.bytes()).hex().equals(committed)) {
      fault(
          position,
          Kind.SECTION,
          "the section " + section.name() + " is not what the envelope commits to");
    }
  }

  private void gone(long position, String section) {
    if (section.equals("text")) {
      erased.add(position);
    } else {
      fault(position, Kind.SECTION, "the section " + section + " is gone");
    }
  }

  private void erasure(StoredEvent event) {
    for (var section : event.sections()) {
      if (section.name().equals("payload") && section.bytes() != null) {
        try {
          for (var position : JSON.readTree(section.bytes()).path("positions")) {
            ordered.add(position.asLong());
          }
        } catch (JsonProcessingException e) {
          fault(
              event.position(),
              Kind.SECTION,
              "the order of erasure is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
          fault(
              event.position(),
              Kind.SECTION,
              "the order of erasure is not readable: " + e.getMessage());
        }
      }
    }
  }

  private static Iterable<String> iterable(JsonNode object) {
    return object::fieldNames;
  }

  private void fault(long position, Kind kind, String cause) {
    faultCount++;
    if (faults.size() < KEPT_FAULTS) {
      faults.add(new Fault(position, kind, cause));
    }
  }
}
