package io.assay.eventlog;

import io.assay.contracts.CanonicalText;
import io.assay.contracts.Event;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An append that waits for its turn, with everything done that does not depend on its position, so
 * that the appender's thread does little and what is wrong is refused before.
 */
final class Pending {

  /** A section as it is stored. */
  record Section(byte[] salt, byte[] content) {

    Sha256 digest() {
      return Envelope.sectionDigest(salt, content);
    }
  }

  /**
   * An event whose envelope lacks only position, time and links.
   *
   * @param asRead what whoever reads its content will make of it
   * @param identity of the log that the envelope names
   */
  record Encoded(
      NewEvent event,
      Event asRead,
      EventCodec.Encoded content,
      List<Tag> tags,
      Section payload,
      @Nullable Section text,
      LogIdentity identity,
      Envelope.Template envelope) {

    EventMetadata metadata() {
      return event.metadata();
    }

    /** The same, of another log or epoch. */
    Encoded of(LogIdentity other, String writer) {
      return identity.equals(other)
          ? this
          : new Encoded(
              event,
              asRead,
              content,
              tags,
              payload,
              text,
              other,
              template(event, content, tags, payload, text, other, writer));
    }

    /** As it stands in the log. */
    Tail.Read recorded(long position, Instant recordedAt, String writer, byte[] leaf) {
      var metadata = metadata();
      var occurredAt = metadata.occurredAt();
      var recorded =
          new RecordedEvent(
              position,
              event.id(),
              content.type(),
              content.version(),
              asRead,
              new EventMetadata(
                  metadata.workspace(),
                  metadata.actor(),
                  metadata.onBehalfOf(),
                  metadata.client(),
                  occurredAt == null ? null : occurredAt.truncatedTo(ChronoUnit.MICROS),
                  metadata.correlation(),
                  metadata.causation(),
                  metadata.decision(),
                  metadata.signature()),
              recordedAt,
              writer,
              Set.copyOf(tags),
              new Sha256(HexFormat.of().formatHex(leaf)));
      return new Tail.Read(recorded, measure(this));
    }

    private static Envelope.Template template(
        NewEvent event,
        EventCodec.Encoded content,
        List<Tag> tags,
        Section payload,
        @Nullable Section text,
        LogIdentity identity,
        String writer) {
      var digests = new TreeMap<>(Map.of("payload", payload.digest()));
      if (text != null) {
        digests.put("text", text.digest());
      }
      return new Envelope(
              identity,
              0,
              event.id(),
              content.type(),
              content.version(),
              content.schema(),
              Instant.EPOCH,
              writer,
              event.metadata(),
              tags.stream().map(tag -> new Envelope.Link(tag, null)).toList(),
              digests)
          .template();
    }
  }

  /**
   * A criterion of a guard, with its tags from the narrowest to the widest, as far as can be told.
   */
  record Condition(
      String workspace,
      long marker,
      List<Tag> tags,
      Set<String> types,
      String othersLiteral,
      String typesLiteral) {

    boolean matches(Encoded event) {
      return event.metadata().workspace().equals(workspace)
          && (types.isEmpty() || types.contains(event.content().type()))
          && event.tags().containsAll(tags);
    }
  }

  private static final int SALT_BYTES = 32;

  final List<Encoded> events;
  final List<Condition> conditions;
  final int bytes;
  final CompletableFuture<Appended> answer = new CompletableFuture<>();

  /** Whether a COMMIT of it was sent and not answered. */
  boolean uncertain;

  /** Whether its answer is decided; {@link #answer} itself is completed on another thread. */
  boolean answered;

  private Pending(List<Encoded> events, List<Condition> conditions, int bytes) {
    this.events = events;
    this.conditions = conditions;
    this.bytes = bytes;
  }

  /** Refuses, by {@link AppendRefusedException}, what the log would not take. */
  static Pending of(
      Append append,
      EventCodec codec,
      RandomGenerator random,
      LogIdentity identity,
      String writer) {
    if (append.events().size() > LogLimits.APPEND_EVENTS) {
      throw new AppendRefusedException(
          "An append has at most " + LogLimits.APPEND_EVENTS + " events");
    }
    try {
      var ids = new HashSet<UUID>();
      var events = new ArrayList<Encoded>(append.events().size());
      int bytes = 0;
      for (var event : append.events()) {
        if (!ids.add(event.id())) {
          throw new AppendRefusedException("Two events of an append have the id " + event.id());
        }
        var encoded = encode(event, codec, random, identity, writer);
        bytes += measure(encoded);
        events.add(encoded);
      }
      return new Pending(List.copyOf(events), conditions(append), bytes);
    } catch (IllegalArgumentException e) {
      throw new AppendRefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Encoded encode(
      NewEvent event,
      EventCodec codec,
      RandomGenerator random,
      LogIdentity identity,
      String writer) {
    if (event.metadata().workspace().isEmpty() || event.metadata().correlation().isEmpty()) {
      throw new AppendRefusedException("An event has a workspace and a correlation");
    }
    var tags = Envelope.sorted(event.tags());
    if (tags.size() > LogLimits.TAGS) {
      throw new AppendRefusedException("An event has at most " + LogLimits.TAGS + " tags");
    }
    var content = codec.encode(event.event());
    var payload = section("payload", content.payload(), random);
    var text = content.text() == null ? null : section("text", content.text(), random);
    return new Encoded(
        event,
        codec.decode(content.type(), content.version(), content.payload(), content.text()),
        content,
        tags,
        payload,
        text,
        identity,
        Encoded.template(event, content, tags, payload, text, identity, writer));
  }

  private static Section section(String name, byte[] content, RandomGenerator random) {
    if (content.length > LogLimits.SECTION_BYTES) {
      throw new AppendRefusedException(
          "The section " + name + " has at most " + LogLimits.SECTION_BYTES + " bytes");
    }
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Section(salt, content);
  }

  /** The bytes that the event takes at most; positions are counted at their full length. */
  private static int measure(Encoded event) {
    int envelope = event.envelope().maximumSize();
    if (envelope > LogLimits.ENVELOPE_BYTES) {
      throw new AppendRefusedException(
          "An envelope has at most " + LogLimits.ENVELOPE_BYTES + " bytes");
    }
    int text = event.text() == null ? 0 : event.text().content().length;
    return envelope + event.payload().content().length + text;
  }

  private static List<Condition> conditions(Append append) {
    var conditions = new ArrayList<Condition>();
    for (var guard : append.guards()) {
      for (var criterion : guard.query().criteria()) {
        var tags = narrowestFirst(criterion);
        conditions.add(
            new Condition(
                guard.query().workspace(),
                guard.marker(),
                tags,
                criterion.types(),
                literal(tags.subList(Math.min(1, tags.size()), tags.size())),
                literal(criterion.types())));
      }
    }
    return List.copyOf(conditions);
  }

  /** An array of text as PostgreSQL spells it. */
  private static String literal(Collection<?> elements) {
    var literal = new StringBuilder("{");
    for (var element : elements) {
      literal
          .append(literal.length() > 1 ? ",\"" : "\"")
          .append(element.toString().replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    }
    return literal.append('}').toString();
  }

  /** {@code "tags":[…],"types":[…]}, without braces. */
  static StringBuilder criterion(StringBuilder json, List<Tag> tags, Set<String> types) {
    json.append("\"tags\":[");
    var separator = "";
    for (var tag : tags) {
      CanonicalText.append(json.append(separator), tag.toString());
      separator = ",";
    }
    json.append("],\"types\":[");
    separator = "";
    for (var type : types) {
      CanonicalText.append(json.append(separator), type);
      separator = ",";
    }
    return json.append(']');
  }

  /** The database looks up the first tag and filters by the others: ids are longer than words. */
  static List<Tag> narrowestFirst(Criterion criterion) {
    return criterion.tags().stream()
        .sorted(
            Comparator.<Tag>comparingInt(tag -> -tag.value().length())
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }
}
