package io.assay.eventlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.assay.contracts.Tag;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What readers of an event need of its {@link Envelope}: digests are left to who verifies.
 *
 * @param tags in the envelope's order
 */
record EnvelopeHead(long position, String writer, EventMetadata metadata, Set<Tag> tags) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Reads a stored envelope; refuses, by {@link IllegalArgumentException}, another format. */
  static EnvelopeHead read(byte[] envelope) {
    try (var json = JSON.createParser(envelope)) {
      return read(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("An envelope is JSON: " + e.getMessage(), e);
    }
  }

  private static EnvelopeHead read(JsonParser json) throws IOException {
    var fields = new HashMap<String, String>();
    var tags = new LinkedHashSet<Tag>();
    Actor actor = null;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("An envelope is a JSON object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      json.nextToken();
      switch (name) {
        case "actor" -> actor = actor(json);
        case "tags" -> tags(json, tags);
        case "causation",
            "client",
            "correlation",
            "decision",
            "hash",
            "occurredAt",
            "onBehalfOf",
            "position",
            "signature",
            "v",
            "workspace",
            "writer" ->
            fields.put(name, json.getText());
        default -> json.skipChildren(); // digests, and what the log has in columns
      }
    }
    if (!Integer.toString(Envelope.FORMAT).equals(fields.get("v"))
        || !"sha256".equals(fields.get("hash"))) {
      throw new IllegalArgumentException(
          "Only envelopes of format " + Envelope.FORMAT + " can be read");
    }
    if (actor == null) {
      throw new IllegalArgumentException("An envelope names its actor");
    }
    var occurredAt = fields.get("occurredAt");
    var decision = fields.get("decision");
    return new EnvelopeHead(
        Long.parseLong(required(fields, "position")),
        required(fields, "writer"),
        new EventMetadata(
            required(fields, "workspace"),
            actor,
            fields.get("onBehalfOf"),
            fields.get("client"),
            occurredAt == null ? null : Instant.parse(occurredAt),
            required(fields, "correlation"),
            fields.get("causation"),
            decision == null ? null : UUID.fromString(decision),
            fields.get("signature")),
        tags);
  }

  private static Actor actor(JsonParser json) throws IOException {
    var fields = new HashMap<String, String>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      json.nextToken();
      fields.put(name, json.getText());
    }
    return new Actor(required(fields, "id"), Actor.Kind.parse(required(fields, "kind")));
  }

  /** Each is an array of the tag and the position of the event before. */
  private static void tags(JsonParser json, Set<Tag> tags) throws IOException {
    while (json.nextToken() == JsonToken.START_ARRAY) {
      json.nextToken();
      tags.add(Tag.parse(json.getText()));
      while (json.nextToken() != JsonToken.END_ARRAY) {
        json.skipChildren();
      }
    }
  }

  private static String required(Map<String, String> fields, String name) {
    var value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("An envelope has the field " + name);
    }
    return value;
  }
}
