package io.assay.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a description allows, and such as it does not, from one seed.
 *
 * <p>What earlier answers named is used again, so that requests reach what is there.
 */
final class FuzzedRequests {

  /**
   * A request as it is sent.
   *
   * @param clean nothing in it breaks the description
   */
  record Fuzzed(
      String method,
      String target,
      Map<String, String> headers,
      byte @Nullable [] body,
      boolean clean) {

    @Override
    public String toString() {
      return method
          + " "
          + shortened(target)
          + " "
          + headers
          + (body == null ? "" : " " + shortened(new String(body, StandardCharsets.UTF_8)));
    }

    static String shortened(String text) {
      return text.length() <= 700 ? text : text.substring(0, 700) + "… (" + text.length() + ")";
    }
  }

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PARAMETER = Pattern.compile("\\{\\+?([A-Za-z]+)}");
  private static final int TOO_LARGE = (1 << 20) + 1;

  /** Stands for half a Unicode pair until the body is bytes: no library writes one. */
  private static final String HALF = "\uE000half\uE000";

  private static final List<String> TEXTS =
      List.of(
          "a",
          "model card",
          "größe",
          "Ωμέγα",
          "日本語",
          "👩‍🔬 science",
          "عربي",
          "e\u0301 not composed",
          "\u202Eright to left",
          "'; drop table log.event; --",
          "<script>alert(1)</script>",
          "${jndi:ldap://x}",
          "../../etc/passwd",
          "a\nb",
          "0",
          "null",
          "true",
          "1e400",
          "-",
          "ns:name");

  private static final List<String> STRANGE =
      List.of(
          "",
          " ",
          " padded ",
          "a\u0000b",
          "\u0007",
          HALF,
          "a/b",
          "a\\b",
          "%2e",
          "a;b",
          ".",
          "..",
          "\uFEFF",
          "\uFFFF",
          "\u2028",
          "x".repeat(201),
          "x".repeat(20_000),
          "😀".repeat(3_000));

  private static final List<String> STRANGE_NUMBERS =
      List.of(
          "-1",
          "0",
          "-0",
          "0.1",
          "1e2",
          "1e400",
          "-1e400",
          "1e-400",
          "9007199254740991",
          "9007199254740993",
          "9223372036854775808",
          "99999999999999999999999999",
          "2147483648",
          "1." + "0".repeat(400) + "1");

  private static final List<String> STRANGE_BODIES =
      List.of(
          "",
          " ",
          "null",
          "true",
          "0",
          "\"text\"",
          "[]",
          "{}",
          "{",
          "{\"name\": ",
          "{\"name\": \"a\",}",
          "{'name': 'a'}",
          "{\"name\": \"a\"} {}",
          "{\"name\": \"a\", \"name\": \"b\"}",
          "{\"name\": NaN}",
          "{\"\": 1}",
          "\uFEFF{}",
          "[".repeat(5_000),
          "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
          "<xml/>",
          "name=a&b=c");

  /** A request that was answered as asked. */
  private record Example(String target, @Nullable JsonNode body) {}

  private final Random random;
  private final Map<String, List<Example>> examples = new LinkedHashMap<>();
  private final Map<String, List<String>> resources = new LinkedHashMap<>();
  private final Map<String, List<String>> ids = new LinkedHashMap<>();

  FuzzedRequests(long seed) {
    this.random = new Random(seed);
  }

  /** Any of these, as likely as the others. */
  <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** The next request to an operation. */
  Fuzzed next(Described operation) {
    boolean clean = chance(0.4);
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", "application/json");
    var known = examples.getOrDefault(operation.id(), List.of());
    var example = !known.isEmpty() && chance(0.5) ? any(known) : null;
    var body = body(operation, example, clean, headers);
    var target =
        example != null && chance(0.8)
            ? example.target()
            : path(operation, clean) + query(operation, clean);
    headers(operation, clean, headers);
    return new Fuzzed(operation.method(), target, headers, body, clean);
  }

  /** Remembers a request to begin others with. */
  void learn(Described operation, Recorder.Exchange exchange) {
    examples
        .computeIfAbsent(operation.id(), it -> new ArrayList<>())
        .add(new Example(exchange.target(), json(exchange)));
    learn(
        operation,
        exchange.answer().headers().firstValue("Location").orElse(""),
        parsed(exchange.answer().body().getBytes(StandardCharsets.UTF_8)));
  }

  private static @Nullable JsonNode json(Recorder.Exchange exchange) {
    return "application/json".equals(exchange.contentType()) ? parsed(exchange.body()) : null;
  }

  private static JsonNode parsed(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      return NODES.missingNode();
    }
  }

  /** Remembers what an answer names: the resource that was made, and every id in the body. */
  void learn(Described operation, String location, JsonNode answer) {
    if (!location.isEmpty()) {
      resources.computeIfAbsent(
          location.replaceAll("[^/]", "").length() + "", it -> new ArrayList<>());
      var form = operation.path();
      resources.computeIfAbsent(form, it -> new ArrayList<>()).add(location);
    }
    learn(noun(operation.path()), answer);
  }

  private void learn(String name, JsonNode node) {
    if (node.isObject()) {
      node.properties()
          .forEach(it -> learn(it.getKey().equals("id") ? name : it.getKey(), it.getValue()));
    } else if (node.isArray()) {
      node.forEach(it -> learn(name, it));
    } else if (node.isTextual() && node.asText().length() == 36) {
      var known = ids.computeIfAbsent(name, it -> new ArrayList<>());
      if (known.size() < 50) {
        known.add(node.asText());
      }
    }
  }

  /** What a collection holds: {@code dataset} for {@code …/datasets}. */
  private static String noun(String path) {
    var words = new ArrayList<String>();
    for (var segment : path.split("/", -1)) {
      if (!segment.isEmpty() && !segment.startsWith("{")) {
        words.add(segment);
      }
    }
    var last = words.getLast();
    var singular =
        last.endsWith("ies")
            ? last.substring(0, last.length() - 3) + "y"
            : last.replaceAll("s$", "");
    return singular.equals("version") && words.contains("datasets")
        ? "datasetVersion"
        : singular.equals("version") && words.contains("policies") ? "policyVersion" : singular;
  }

  private String path(Described operation, boolean clean) {
    var path = operation.path();
    // A resource that is known, and what is below it.
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      var collection = path.substring(0, end);
      int parameter = path.indexOf('/', end + 1);
      var known = resources.get(collection);
      if (known != null && path.startsWith("{", end + 1) && chance(0.85)) {
        path = any(known) + (parameter < 0 ? "" : path.substring(parameter));
        break;
      }
    }
    var filled = new StringBuilder();
    var matcher = PARAMETER.matcher(path);
    while (matcher.find()) {
      var name = matcher.group(1);
      var schema =
          operation.parameters().stream()
              .filter(it -> it.in().equals("path") && it.name().equals(name))
              .map(Described.Parameter::schema)
              .findFirst()
              .orElse(NODES.objectNode());
      var known = ids.getOrDefault(name, List.of());
      String value;
      if (!known.isEmpty() && chance(0.6)) {
        value = any(known);
      } else if (clean || chance(0.5)) {
        value = plain(valid(schema, name));
      } else {
        value = chance(0.3) ? any(STRANGE_NUMBERS) : chance(0.5) ? any(STRANGE) : any(TEXTS);
      }
      matcher.appendReplacement(filled, "");
      filled.append(encoded(value.isEmpty() ? "x" : value));
    }
    matcher.appendTail(filled);
    if (!clean && chance(0.03)) {
      filled.append(any(List.of("/", "//", "/..", ";a=1", "%2F", "%00", "%ff")));
    }
    return filled.toString();
  }

  private String query(Described operation, boolean clean) {
    var pairs = new ArrayList<String>();
    for (var parameter : operation.parameters()) {
      if (parameter.in().equals("query") && (parameter.required() && clean || chance(0.3))) {
        pairs.add(pair(parameter.name(), value(parameter, clean)));
        if (!clean && chance(0.1)) {
          pairs.add(pair(parameter.name(), value(parameter, false)));
        }
      }
    }
    if (!clean && chance(0.15)) {
      pairs.add(pair(any(TEXTS), any(STRANGE)));
    }
    if (!clean && chance(0.03)) {
      pairs.add(any(List.of("&&", "=", "a", "%", "%ff=1", "limit[]=1", "limit=1;x")));
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private String value(Described.Parameter parameter, boolean clean) {
    var known = ids.getOrDefault(parameter.name(), List.of());
    if (!known.isEmpty() && chance(0.5)) {
      return any(known);
    }
    return clean || chance(0.4)
        ? plain(valid(parameter.schema(), parameter.name()))
        : chance(0.5) ? any(STRANGE_NUMBERS) : any(STRANGE);
  }

  private void headers(Described operation, boolean clean, Map<String, String> headers) {
    for (var parameter : operation.parameters()) {
      if (!parameter.in().equals("header")) {
        continue;
      }
      switch (parameter.name()) {
        case "Idempotency-Key" -> {
          if (chance(0.3)) {
            headers.put(
                parameter.name(),
                clean
                    ? "key-" + random.nextInt(40)
                    : any(List.of("k", "k k", "", "é", "x".repeat(201))));
          }
        }
        case "Assay-Min-Position" -> {
          if (chance(0.15)) {
            headers.put(parameter.name(), clean ? "0" : any(STRANGE_NUMBERS));
          }
        }
        case "Assay-Workspace" -> {
          if (chance(0.1)) {
            headers.put(
                parameter.name(),
                clean ? "default" : any(List.of("", "-", "UPPER", "ä", "other", "x".repeat(61))));
          }
        }
        default -> {
          if (chance(0.2)) {
            headers.put(parameter.name(), any(List.of("\"1\"", "*", "W/\"x\"", "1", "\"\"")));
          }
        }
      }
    }
    if (!clean && chance(0.2)) {
      switch (random.nextInt(9)) {
        case 0 ->
            headers.put(
                "Accept",
                any(List.of("*/*", "text/html", "application/xml", "x", "application/json;q=0")));
        case 1 ->
            headers.put(
                "Range", any(List.of("bytes=0-0", "bytes=5-1", "bytes=-1", "x=1", "bytes=0-,1-")));
        case 2 -> headers.put("If-None-Match", any(List.of("*", "\"1\"", "x")));
        case 3 -> headers.put("X-HTTP-Method-Override", any(List.of("DELETE", "PUT", "TRACE")));
        case 4 ->
            headers.put(
                "traceparent",
                any(
                    List.of(
                        "x", "00-0-0-00", "ff-" + "f".repeat(32) + "-" + "f".repeat(16) + "-01")));
        case 5 -> headers.put("Accept-Encoding", any(List.of("br", "identity;q=0")));
        case 6 -> headers.put("Content-Encoding", any(List.of("gzip", "identity", "br", "x")));
        case 7 -> headers.put("Assay-Request-Id", any(List.of("mine", "é", "x".repeat(200), "{}")));
        default -> headers.put("Accept-Language", "x".repeat(3_000));
      }
    }
  }

  private byte @Nullable [] body(
      Described operation, @Nullable Example example, boolean clean, Map<String, String> headers) {
    var schema = operation.body();
    var mediaType = operation.mediaType();
    if (schema == null || mediaType == null) {
      if (!clean && chance(0.1)) {
        headers.put("Content-Type", "application/json");
        return "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
      }
      return null;
    }
    headers.put("Content-Type", mediaType);
    if (!mediaType.equals("application/json")) {
      var bytes = new byte[random.nextInt(2_000)];
      random.nextBytes(bytes);
      return bytes;
    }
    var json =
        example == null || example.body() == null ? valid(schema, "") : example.body().deepCopy();
    if (clean) {
      return bytes(json);
    }
    if (chance(0.08)) {
      switch (random.nextInt(3)) {
        case 0 -> headers.remove("Content-Type");
        case 1 ->
            headers.put(
                "Content-Type",
                any(
                    List.of(
                        "text/plain",
                        "application/xml",
                        "multipart/form-data",
                        "application/x-www-form-urlencoded",
                        "x",
                        "*/*")));
        default ->
            headers.put(
                "Content-Type",
                any(
                    List.of(
                        "application/json; charset=utf-16",
                        "APPLICATION/JSON",
                        "application/json;",
                        "application/merge-patch+json")));
      }
    }
    return switch (random.nextInt(20)) {
      case 0 -> any(STRANGE_BODIES).getBytes(StandardCharsets.UTF_8);
      case 1 -> new byte[] {'{', '"', 'n', '"', ':', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'};
      case 2 -> chance(0.1) ? "x".repeat(TOO_LARGE).getBytes(StandardCharsets.UTF_8) : null;
      case 3 -> {
        var whole = bytes(json);
        yield java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      }
      case 4 -> bytes(json.isObject() ? ((ObjectNode) json).put(any(TEXTS), 1) : json);
      default -> bytes(broken(json, schema));
    };
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsString(json)
          .replace(HALF, any2(HALF))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String any2(String half) {
    return half.isEmpty() ? "" : "\\ud800";
  }

  /** One value somewhere in it is changed into what it should not be. */
  private JsonNode broken(JsonNode json, JsonNode schema) {
    if (json instanceof ObjectNode object && !object.isEmpty() && chance(0.85)) {
      var names = new ArrayList<String>();
      object.fieldNames().forEachRemaining(names::add);
      var name = any(names);
      if (chance(0.15)) {
        object.remove(name);
      } else {
        var inner = schema.path("properties").path(name);
        var value = object.get(name);
        object.set(
            name,
            broken(value, inner.isMissingNode() ? schema.path("additionalProperties") : inner));
      }
      return object;
    }
    if (json instanceof ArrayNode array && !array.isEmpty() && chance(0.7)) {
      int at = random.nextInt(array.size());
      array.set(at, broken(array.get(at), schema.path("items")));
      return array;
    }
    return switch (random.nextInt(9)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(chance(0.5));
      case 2 -> NODES.objectNode().put("a", 1);
      case 3 -> NODES.arrayNode().add(1);
      case 4 -> NODES.numberNode(new BigDecimal(any(STRANGE_NUMBERS)));
      case 5 ->
          schema.has("maxLength")
              ? NODES.textNode("x".repeat(Math.min(schema.path("maxLength").asInt(), 100_000) + 1))
              : NODES.textNode(any(STRANGE));
      case 6 -> NODES.textNode(any(TEXTS));
      default -> NODES.textNode(any(STRANGE));
    };
  }

  /** A value that the schema allows. */
  private JsonNode valid(JsonNode schema, String name) {
    if (schema.has("allOf")) {
      return valid(schema.path("allOf").get(0), name);
    }
    if (schema.has("enum")) {
      return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
    }
    return switch (schema.path("type").asText("object")) {
      case "string" -> NODES.textNode(text(schema, name));
      case "integer" -> NODES.numberNode(integer(schema));
      case "number" ->
          NODES.numberNode(
              any(List.of(0.0, 0.5, 1.0, -1.5, 1e-9, 123456.789))
                      < schema.path("minimum").asDouble(-1e300)
                  ? schema.path("minimum").asDouble()
                  : Math.min(0.25, schema.path("maximum").asDouble(1e300)));
      case "boolean" -> NODES.booleanNode(chance(0.5));
      case "array" -> {
        var array = NODES.arrayNode();
        int least = schema.path("minItems").asInt(0);
        int count = Math.min(least + random.nextInt(3), schema.path("maxItems").asInt(3));
        for (int i = 0; i < count; i++) {
          array.add(valid(schema.path("items"), name.replaceAll("s$", "")));
        }
        yield array;
      }
      default -> object(schema);
    };
  }

  private ObjectNode object(JsonNode schema) {
    var object = NODES.objectNode();
    var required = new ArrayList<String>();
    schema.path("required").forEach(it -> required.add(it.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(
            it -> {
              if (required.contains(it.getKey()) || chance(0.4)) {
                object.set(it.getKey(), valid(it.getValue(), it.getKey()));
              }
            });
    if (schema.path("additionalProperties").isObject()) {
      for (int i = random.nextInt(3); i > 0; i--) {
        object.set("key" + i, valid(schema.path("additionalProperties"), "key"));
      }
    }
    return object;
  }

  private BigInteger integer(JsonNode schema) {
    var least = schema.path("minimum").asLong(0);
    var most = schema.path("maximum").asLong(Integer.MAX_VALUE);
    return BigInteger.valueOf(
        switch (random.nextInt(5)) {
          case 0 -> least;
          case 1 -> most;
          default -> Math.min(most, least + random.nextInt(200));
        });
  }

  private String text(JsonNode schema, String name) {
    var known = ids.getOrDefault(name, List.of());
    if (!known.isEmpty() && chance(0.7)) {
      return any(known);
    }
    if (schema.path("format").asText().equals("uuid")) {
      var all = ids.values().stream().flatMap(List::stream).toList();
      return !all.isEmpty() && chance(0.5) ? any(all) : uuid();
    }
    if (schema.path("format").asText().equals("date-time")) {
      return any(
          List.of(
              "2026-01-02T03:04:05Z",
              "2026-01-02T03:04:05.123456789+02:00",
              "0001-01-01T00:00:00Z",
              "9999-12-31T23:59:59Z"));
    }
    int least = schema.path("minLength").asInt(0);
    int most = schema.path("maxLength").asInt(1_000);
    var pattern = schema.has("pattern") ? Pattern.compile(schema.path("pattern").asText()) : null;
    for (int attempt = 0; attempt < 60; attempt++) {
      var candidate = candidate(most);
      int length = candidate.codePointCount(0, candidate.length());
      if (length >= least
          && candidate.length() <= most
          && (pattern == null || pattern.matcher(candidate).find())) {
        return candidate;
      }
    }
    return "x".repeat(Math.max(1, least));
  }

  private String candidate(int most) {
    return switch (random.nextInt(10)) {
      case 0 -> hex(64);
      case 1 -> uuid();
      case 2 -> "name-" + hex(8);
      case 3 -> "n" + random.nextInt(100);
      case 4 -> "urn:example:" + hex(6);
      case 5 -> String.valueOf(1 + random.nextInt(9));
      case 6 -> "ü" + hex(4) + "é";
      case 7 -> any(List.of("production", "staging", "https://example.org/a", "model:" + uuid()));
      case 8 -> "x".repeat(Math.min(most, 5_000));
      default -> any(TEXTS);
    };
  }

  private String hex(int digits) {
    var bytes = new byte[digits / 2];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String uuid() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return UUID.nameUUIDFromBytes(bytes).toString();
  }

  private static String plain(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }

  private static String pair(String name, String value) {
    return encoded(name) + "=" + encoded(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text.replace(HALF, "\uD800"), StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
