package io.assay.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Writes a rejection as RFC 9457 JSON. */
public final class ProblemDocument {

  /** The media type of every problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          .registerModule(
              new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance));

  private ProblemDocument() {}

  /**
   * The document.
   *
   * @param requestId names the occurrence, where the request has an id
   */
  public static String of(Rejection rejection, @Nullable String requestId) {
    var members = new LinkedHashMap<String, Object>();
    members.put("type", "/problems/" + rejection.slug());
    members.put("title", rejection.title());
    members.put("status", rejection.status());
    members.put("detail", rejection.detail());
    if (requestId != null) {
      members.put("instance", "urn:assay:request:" + requestId);
    }
    if (!rejection.errors().isEmpty()) {
      members.put("errors", rejection.errors());
    }
    rejection.extensions().forEach(members::putIfAbsent);
    try {
      return JSON.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A problem's members are plain values", e);
    }
  }
}
