package io.assay.eventlog;

import io.assay.contracts.CanonicalText;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the Merkle tree commits to: everything about an event but its content, and the content by
 * digest. {@link #bytes()} is the stored form, canonical JSON (RFC 8785), and its hash the leaf
 * (RFC 6962).
 *
 * <p>64-bit integers are strings, times are UTC with six digits of a second, what is absent is left
 * out. This format never changes; another one would bear another {@code v}.
 *
 * @param links the tags in the order of their UTF-8 bytes
 * @param sections digests by the section's name
 */
public record Envelope(
    LogIdentity identity,
    long position,
    UUID id,
    String type,
    int version,
    Sha256 schema,
    Instant recordedAt,
    String writer,
    EventMetadata metadata,
    List<Link> links,
    SortedMap<String, Sha256> sections) {

  /** The version of this format. */
  public static final int FORMAT = 1;

  /**
   * A tag, and the position of the event before this one that bears it in the same workspace.
   *
   * @param previous null where this is the first
   */
  public record Link(Tag tag, @Nullable Long previous) {}

  private static final byte[] LEAF = {0};
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int MICROSECONDS_LENGTH = "'2026-01-01T00:00:00.000000Z'".length();
  private static final Instant FIRST_TIME = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final Comparator<Tag> BY_BYTES =
      Comparator.comparing(
          tag -> tag.toString().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  /** The digest of a section: SHA-256 of the salt and the content. */
  public static Sha256 sectionDigest(byte[] salt, byte[] content) {
    return Sha256.of(salt, content);
  }

  /** The Merkle leaf of a stored envelope: SHA-256 of a zero byte and the envelope. */
  public static Sha256 leaf(byte[] envelope) {
    return Sha256.of(LEAF, envelope);
  }

  /** The order of tags in an envelope, by their UTF-8 bytes. */
  static List<Tag> sorted(Collection<Tag> tags) {
    var sorted = new ArrayList<>(tags);
    sorted.sort(BY_BYTES);
    return List.copyOf(sorted);
  }

  /** The tags alone. */
  public LinkedHashSet<Tag> tags() {
    var tags = new LinkedHashSet<Tag>();
    links.forEach(link -> tags.add(link.tag()));
    return tags;
  }

  /**
   * The stored form. Refuses, by {@link IllegalArgumentException}, text that has no strict UTF-8
   * and times outside the years 0 to 9999.
   */
  public byte[] bytes() {
    return render(new ArrayList<>()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * This envelope with its position, time and links left open, so that all else of it is written
   * before its turn in the log has come.
   */
  Template template() {
    var open = new ArrayList<Integer>();
    var json = render(open);
    var pieces = new byte[open.size() / 2 + 1][];
    int from = 0;
    for (int i = 0; i < pieces.length; i++) {
      int to = 2 * i < open.size() ? open.get(2 * i) : json.length();
      pieces[i] = json.substring(from, to).getBytes(StandardCharsets.UTF_8);
      from = 2 * i < open.size() ? open.get(2 * i + 1) : to;
    }
    return new Template(pieces);
  }

  /** An envelope without its position, time and links; {@link #bytes} gives what it lacks. */
  static final class Template {

    /** The longest position, in its quotes. */
    private static final int POSITION_BYTES = 21;

    private static final byte[] NONE = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] pieces;

    private Template(byte[][] pieces) {
      this.pieces = pieces;
    }

    /** The bytes that the envelope can have at most. */
    int maximumSize() {
      int size = MICROSECONDS_LENGTH + POSITION_BYTES * (pieces.length - 2);
      for (var piece : pieces) {
        size += piece.length;
      }
      return size;
    }

    /** The hash of {@link #bytes}. */
    byte[] leaf(long position, String recordedAt, List<@Nullable Long> previous) {
      var digest = Sha256.newDigest();
      digest.update(LEAF);
      return digest.digest(bytes(position, recordedAt, previous));
    }

    /**
     * The stored form.
     *
     * @param recordedAt as {@link Envelope#spell} gives it
     * @param previous in the order of the tags
     */
    byte[] bytes(long position, String recordedAt, List<@Nullable Long> previous) {
      var values = new byte[pieces.length - 1][];
      values[0] = quoted(position);
      values[1] = ('"' + recordedAt + '"').getBytes(StandardCharsets.US_ASCII);
      for (int i = 2; i < values.length; i++) {
        var link = previous.get(i - 2);
        values[i] = link == null ? NONE : quoted(link);
      }
      int size = 0;
      for (var piece : pieces) {
        size += piece.length;
      }
      for (var value : values) {
        size += value.length;
      }
      var bytes = new byte[size];
      int at = 0;
      for (int i = 0; i < pieces.length; i++) {
        System.arraycopy(pieces[i], 0, bytes, at, pieces[i].length);
        at += pieces[i].length;
        if (i < values.length) {
          System.arraycopy(values[i], 0, bytes, at, values[i].length);
          at += values[i].length;
        }
      }
      return bytes;
    }

    private static byte[] quoted(long number) {
      return ('"' + Long.toString(number) + '"').getBytes(StandardCharsets.US_ASCII);
    }
  }

  /**
   * Writes the JSON.
   *
   * @param open gets the start and the end of the values of position, recordedAt and each previous
   */
  private String render(List<Integer> open) {
    // The order of fields is that of RFC 8785: by UTF-16 code units of their names.
    var json = new StringBuilder(1024);
    json.append("{\"actor\":{\"id\":");
    CanonicalText.append(json, metadata.actor().id()).append(",\"kind\":");
    CanonicalText.append(json, metadata.actor().kind().spelling()).append('}');
    text(json, "causation", metadata.causation());
    text(json, "client", metadata.client());
    text(json, "correlation", metadata.correlation());
    text(json, "decision", metadata.decision());
    json.append(",\"epoch\":").append(identity.epoch()).append(",\"hash\":\"sha256\"");
    text(json, "id", id);
    text(json, "log", identity.log());
    if (metadata.occurredAt() != null) {
      text(json, "occurredAt", spell(metadata.occurredAt()));
    }
    text(json, "onBehalfOf", metadata.onBehalfOf());
    json.append(",\"position\":");
    open.add(json.length());
    json.append('"').append(position).append('"');
    open.add(json.length());
    json.append(",\"recordedAt\":");
    open.add(json.length());
    json.append('"').append(spell(recordedAt)).append('"');
    open.add(json.length());
    text(json, "schema", schema);
    json.append(",\"sections\":{");
    var separator = "";
    for (var section : sections.entrySet()) {
      CanonicalText.append(json.append(separator), section.getKey()).append(':');
      CanonicalText.append(json, section.getValue().hex());
      separator = ",";
    }
    json.append('}');
    text(json, "signature", metadata.signature());
    json.append(",\"tags\":[");
    separator = "";
    for (var link : links) {
      CanonicalText.append(json.append(separator).append('['), link.tag().toString()).append(',');
      open.add(json.length());
      if (link.previous() == null) {
        json.append("null");
      } else {
        json.append('"').append(link.previous().longValue()).append('"');
      }
      open.add(json.length());
      json.append(']');
      separator = ",";
    }
    json.append(']');
    text(json, "type", type);
    json.append(",\"v\":").append(FORMAT).append(",\"version\":").append(version);
    text(json, "workspace", metadata.workspace());
    text(json, "writer", writer);
    return json.append('}').toString();
  }

  private static void text(StringBuilder json, String field, @Nullable Object value) {
    if (value != null) {
      json.append(",\"").append(field).append("\":");
      CanonicalText.append(json, value.toString());
    }
  }

  /** A time as envelopes spell it: UTC with six digits of a second. */
  static String spell(Instant time) {
    if (time.isBefore(FIRST_TIME) || time.isAfter(LAST_TIME)) {
      throw new IllegalArgumentException("A time lies between the years 0 and 9999");
    }
    return MICROSECONDS.format(time.truncatedTo(ChronoUnit.MICROS));
  }
}
