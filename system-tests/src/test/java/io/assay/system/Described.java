package io.assay.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.oas.OpenApi30;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * One operation of the descriptions, whole: every reference is replaced by what it refers to.
 *
 * @param service that answers it
 * @param path with its parameters in braces
 * @param internal not routed by the gateway
 * @param parameters of path, query and header
 * @param mediaType of the body; null where it has none
 * @param body its schema; null where it has none
 * @param answers by status
 */
record Described(
    String service,
    String id,
    String method,
    String path,
    boolean internal,
    Set<String> roles,
    List<Parameter> parameters,
    @Nullable String mediaType,
    @Nullable JsonNode body,
    Map<Integer, Answer> answers) {

  /** A parameter; {@code in} is path, query or header. */
  record Parameter(String name, String in, boolean required, JsonNode schema) {}

  /**
   * What may be answered with one status.
   *
   * @param schemas of bodies, by media type; none where there is no body
   * @param headers their schemas, by name
   */
  record Answer(Map<String, JsonSchema> schemas, Map<String, JsonSchema> headers) {}

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.builder()
          .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
          .metaSchema(OpenApi30.getInstance())
          .build();
  private static final SchemaValidatorsConfig STRICT =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  @Override
  public String toString() {
    return method + " " + path;
  }

  /** Whether a path is one of this operation's. */
  boolean isAt(String of) {
    return of.matches(path.replaceAll("\\{\\+[^}]*}", ".+").replaceAll("\\{[^}]*}", "[^/]+"));
  }

  static List<Described> all() {
    var all = new ArrayList<Described>();
    for (var service : List.of("registry", "policy", "lineage")) {
      new Reading(service).operations(all);
    }
    return all;
  }

  /** Reads one description and what it refers to. */
  private static final class Reading {

    private final Map<String, JsonNode> files = new HashMap<>();
    private final String service;

    Reading(String service) {
      this.service = service;
    }

    void operations(List<Described> into) {
      var file = service + ".yaml";
      file(file)
          .path("paths")
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .properties()
                      .forEach(
                          operation -> {
                            if (METHODS.contains(operation.getKey())) {
                              into.add(
                                  operation(
                                      path.getKey(),
                                      operation.getKey(),
                                      whole(operation.getValue(), file, 0)));
                            }
                          }));
    }

    private Described operation(String path, String method, JsonNode operation) {
      var parameters = new ArrayList<Parameter>();
      operation
          .path("parameters")
          .forEach(
              it ->
                  parameters.add(
                      new Parameter(
                          it.path("name").asText(),
                          it.path("in").asText(),
                          it.path("required").asBoolean(),
                          it.path("schema"))));
      var roles = new TreeSet<String>();
      operation.path("x-roles").forEach(role -> roles.add(role.asText()));
      var content = operation.path("requestBody").path("content").properties();
      var body = content.isEmpty() ? null : content.iterator().next();
      var answers = new LinkedHashMap<Integer, Answer>();
      operation
          .path("responses")
          .properties()
          .forEach(it -> answers.put(Integer.valueOf(it.getKey()), answer(it.getValue())));
      return new Described(
          service,
          operation.path("operationId").asText(),
          method.toUpperCase(Locale.ROOT),
          path,
          operation.has("x-gateway") && !operation.path("x-gateway").asBoolean(),
          roles,
          parameters,
          body == null ? null : body.getKey(),
          body == null ? null : body.getValue().path("schema"),
          answers);
    }

    private static Answer answer(JsonNode answer) {
      var schemas = new LinkedHashMap<String, JsonSchema>();
      answer
          .path("content")
          .properties()
          .forEach(it -> schemas.put(it.getKey(), schema(it.getValue().path("schema"))));
      var headers = new LinkedHashMap<String, JsonSchema>();
      answer
          .path("headers")
          .properties()
          .forEach(it -> headers.put(it.getKey(), schema(it.getValue().path("schema"))));
      return new Answer(schemas, headers);
    }

    private static JsonSchema schema(JsonNode node) {
      return SCHEMAS.getSchema(node, STRICT);
    }

    /** A copy without references. */
    private JsonNode whole(JsonNode node, String file, int depth) {
      if (depth > 100) {
        throw new IllegalStateException("A schema refers to itself in " + file);
      }
      if (node.has("$ref")) {
        var reference = node.path("$ref").asText();
        int hash = reference.indexOf('#');
        var target = hash == 0 ? file : resolved(file, reference.substring(0, hash));
        var found = file(target).at(reference.substring(hash + 1));
        if (found.isMissingNode()) {
          throw new IllegalStateException(reference + " names nothing in " + target);
        }
        return whole(found, target, depth + 1);
      }
      if (node.isObject()) {
        ObjectNode copy = JSON.createObjectNode();
        node.properties()
            .forEach(it -> copy.set(it.getKey(), whole(it.getValue(), file, depth + 1)));
        return copy;
      }
      if (node.isArray()) {
        ArrayNode copy = JSON.createArrayNode();
        node.forEach(it -> copy.add(whole(it, file, depth + 1)));
        return copy;
      }
      return node;
    }

    private static String resolved(String file, String reference) {
      int slash = file.lastIndexOf('/');
      return slash < 0 ? reference : file.substring(0, slash + 1) + reference;
    }

    private JsonNode file(String name) {
      return files.computeIfAbsent(
          name,
          key -> {
            try (var in = Described.class.getResourceAsStream("/openapi/" + key)) {
              return JSON.valueToTree(new Yaml().load(Objects.requireNonNull(in, key)));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
