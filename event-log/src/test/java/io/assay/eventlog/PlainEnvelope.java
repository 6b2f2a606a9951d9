package io.assay.eventlog;

import io.assay.contracts.testing.PlainJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Envelopes and hashes once more, from the description of the format and the JDK alone: a second
 * opinion on stored bytes that shares no code with the first.
 */
final class PlainEnvelope {

  private PlainEnvelope() {}

  /** A new envelope with everything that every event has; put in, replace and remove at will. */
  static Map<String, Object> of(
      String log, long position, String id, String workspace, String type, String recordedAt) {
    var envelope = new LinkedHashMap<String, Object>();
    envelope.put("v", 1);
    envelope.put("hash", "sha256");
    envelope.put("log", log);
    envelope.put("epoch", 1);
    envelope.put("workspace", workspace);
    envelope.put("position", Long.toString(position));
    envelope.put("id", id);
    envelope.put("type", type);
    envelope.put("version", 1);
    envelope.put("schema", hex(sha256(type.getBytes(StandardCharsets.UTF_8))));
    envelope.put("recordedAt", recordedAt);
    envelope.put("actor", Map.of("id", "actor-1", "kind", "person"));
    envelope.put("writer", "registry");
    envelope.put("correlation", "request-1");
    envelope.put("tags", List.of());
    envelope.put("sections", Map.of());
    return envelope;
  }

  /** Adds what the caller said about the event. */
  static void describe(Map<String, Object> envelope, EventMetadata metadata) {
    envelope.put("workspace", metadata.workspace());
    envelope.put(
        "actor",
        Map.of(
            "id",
            metadata.actor().id(),
            "kind",
            switch (metadata.actor().kind()) {
              case PERSON -> "person";
              case SERVICE -> "service";
              case SYSTEM -> "system";
            }));
    envelope.put("correlation", metadata.correlation());
    optional(envelope, "onBehalfOf", metadata.onBehalfOf());
    optional(envelope, "client", metadata.client());
    optional(envelope, "causation", metadata.causation());
    optional(envelope, "decision", metadata.decision());
    optional(envelope, "signature", metadata.signature());
    if (metadata.occurredAt() != null) {
      envelope.put("occurredAt", micros(metadata.occurredAt()));
    }
  }

  /** {@code [tag, previous]}, with the position as text, or null. */
  static List<@Nullable String> link(String tag, @Nullable Long previous) {
    var link = new ArrayList<@Nullable String>();
    link.add(tag);
    link.add(previous == null ? null : Long.toString(previous));
    return link;
  }

  static byte[] bytes(Map<String, Object> envelope) {
    return PlainJson.bytes(envelope);
  }

  /** RFC 6962: the hash of a zero byte and the entry. */
  static byte[] leaf(byte[] envelope) {
    return sha256(new byte[] {0}, envelope);
  }

  /** UTC with six digits of a second. */
  static String micros(Instant time) {
    var utc = time.atOffset(ZoneOffset.UTC);
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ"
        .formatted(
            utc.getYear(),
            utc.getMonthValue(),
            utc.getDayOfMonth(),
            utc.getHour(),
            utc.getMinute(),
            utc.getSecond(),
            utc.getNano() / 1_000);
  }

  static byte[] sha256(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static void optional(Map<String, Object> envelope, String field, @Nullable Object value) {
    if (value != null) {
      envelope.put(field, value.toString());
    }
  }
}
