package io.assay.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.core.util.Yaml;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionsTest {

  private static final Set<String> ROLES =
      Set.of(
          "ml-engineer",
          "model-validator",
          "risk-officer",
          "compliance-officer",
          "auditor",
          "operator",
          "admin",
          "pipeline",
          "service");
  private static final String PROBLEM = "application/problem+json";

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyReferenceResolvesAndTheDescriptionIsValid(String service) {
    var options = new ParseOptions();
    options.setResolve(true);
    var result = new OpenAPIV3Parser().readLocation(location(service), null, options);

    // `{+path}` is RFC 6570, which OpenAPI has no word for: the parameter is named without the `+`.
    assertThat(result.getMessages())
        .filteredOn(message -> !message.contains("path+") && !message.contains("+path"))
        .isEmpty();
    assertThat(result.getOpenAPI()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry.yaml", "policy.yaml", "lineage.yaml", "common/common.yaml"})
  void everyReferenceNamesSomethingThatIsThere(String file) throws IOException {
    Path path = directory().resolve(file);
    var dangling = new ArrayList<String>();
    references(Yaml.mapper().readValue(Files.readString(path), Map.class))
        .filter(reference -> !resolves(path, reference))
        .forEach(dangling::add);
    assertThat(dangling).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyOperationHasAnIdOfItsOwnOneTagAndASummary(String service) {
    var ids = new HashSet<String>();
    var tags = new HashSet<String>();
    description(service).getTags().forEach(tag -> tags.add(tag.getName()));
    for (Op op : operations(service)) {
      assertThat(op.operation().getOperationId()).as(op.name()).matches("[a-z][A-Za-z]+");
      assertThat(ids.add(op.operation().getOperationId())).as("%s is unique", op.name()).isTrue();
      assertThat(op.operation().getTags()).as(op.name()).hasSize(1);
      assertThat(tags).as(op.name()).containsAll(op.operation().getTags());
      assertThat(op.operation().getSummary()).as(op.name()).isNotBlank();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyOperationNamesTheRolesAllowedAndNeedsABearerToken(String service) {
    assertThat(description(service).getSecurity())
        .singleElement()
        .satisfies(requirement -> assertThat(requirement).containsKey("bearer"));
    for (Op op : operations(service)) {
      assertThat(op.operation().getSecurity()).as(op.name()).isNull();
      assertThat(roles(op)).as(op.name()).isNotEmpty().isSubsetOf(ROLES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void noWriteIsAllowedToAuditorsOrAdministratorsAndNoPipelineApproves(String service) {
    Set<String> readOnlyPosts = Set.of("assessPolicyImpact", "dryRunPolicy", "verifyLog");
    // Credentials are no matter of the domain: everybody has his own, administrators revoke any.
    Set<String> credentials = Set.of("issueApiKey", "revokeApiKey");
    for (Op op : operations(service)) {
      boolean writes =
          op.method() != HttpMethod.GET
              && !readOnlyPosts.contains(op.operation().getOperationId())
              && !credentials.contains(op.operation().getOperationId());
      if (writes) {
        assertThat(roles(op)).as(op.name()).doesNotContain("auditor", "admin");
      }
      if (op.path().endsWith("/approvals") || op.path().endsWith("/rejections")) {
        assertThat(roles(op)).as(op.name()).doesNotContain("pipeline", "service");
      }
    }
  }

  @Test
  void whatDecidesAsksTheIssuerAndWhatApprovesStepsUp() {
    assertThat(marked("x-introspect"))
        .containsExactlyInAnyOrder(
            "requestPromotion",
            "requestDeployment",
            "approve",
            "reject",
            "requestPolicyActivation",
            "issueApiKey");
    assertThat(marked("x-step-up"))
        .containsExactlyInAnyOrder("approve", "reject", "requestPolicyActivation");
    assertThat(marked("x-people-only"))
        .containsExactlyInAnyOrder("issueApiKey", "listApiKeys", "getApiKey", "revokeApiKey");
  }

  private static List<String> marked(String mark) {
    return Stream.of("registry", "policy", "lineage")
        .flatMap(service -> operations(service).stream())
        .map(Op::operation)
        .filter(
            operation ->
                operation.getExtensions() != null
                    && Boolean.TRUE.equals(operation.getExtensions().get(mark)))
        .map(Operation::getOperationId)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyOperationAnswersProblems(String service) {
    for (Op op : operations(service)) {
      Set<String> expected = new TreeSet<>(Set.of("400", "401", "403", "429", "503"));
      if (op.path().contains("{")) {
        expected.add("404");
      }
      if (op.operation().getRequestBody() != null) {
        expected.addAll(Set.of("413", "415", "422"));
      }
      if (parameters(op).anyMatch(parameter -> "If-Match".equals(parameter.getName()))) {
        expected.add("412");
      }
      if (parameters(op).anyMatch(parameter -> "Idempotency-Key".equals(parameter.getName()))) {
        expected.addAll(Set.of("409", "422"));
      }
      assertThat(op.operation().getResponses().keySet()).as(op.name()).containsAll(expected);
      op.operation()
          .getResponses()
          .forEach(
              (status, response) -> {
                if (status.startsWith("4") || status.startsWith("5")) {
                  assertThat(resolved(op, response).getContent().keySet())
                      .as("%s %s", op.name(), status)
                      .containsExactly(PROBLEM);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void noOperationIsLeftOutByTheGenerator(String service) {
    // It leaves out what is marked x-internal: the mark of what the gateway does not route is ours.
    for (Op op : operations(service)) {
      assertThat(Objects.requireNonNullElse(op.operation().getExtensions(), Map.of()))
          .as(op.name())
          .doesNotContainKey("x-internal");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyPageHasALimitAndACursor(String service) {
    for (Op op : operations(service)) {
      var ok = op.operation().getResponses().get("200");
      if (op.method() != HttpMethod.GET || ok == null || ok.getContent() == null) {
        continue;
      }
      var media = ok.getContent().get("application/json");
      if (media != null
          && media.getSchema().get$ref() != null
          && media.getSchema().get$ref().endsWith("Page")) {
        assertThat(parameters(op).map(Parameter::getName).toList())
            .as(op.name())
            .contains("limit", "cursor");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyRequestRefusesUnknownFieldsAndLimitsEveryKnownOne(String service) {
    OpenAPI description = description(service);
    for (Op op : operations(service)) {
      parameters(op)
          .forEach(parameter -> limited(description, parameter.getSchema(), op.name(), Set.of()));
      var body = op.operation().getRequestBody();
      if (body != null && body.getContent().containsKey("application/json")) {
        limited(
            description,
            body.getContent().get("application/json").getSchema(),
            op.name(),
            Set.of());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "policy", "lineage"})
  void everyPatternIsOneThatJavaUnderstands(String service) throws IOException {
    values(
            Yaml.mapper().readValue(Files.readString(Path.of(location(service))), Map.class),
            "pattern")
        .forEach(pattern -> assertThat(Pattern.compile(pattern).pattern()).isEqualTo(pattern));
  }

  /** Walks a schema that a client may send; every leaf must be bounded. */
  private static void limited(
      OpenAPI description, Schema<?> schema, String where, Set<String> seen) {
    if (schema.get$ref() != null) {
      String name = schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1);
      if (!seen.contains(name)) {
        var deeper = new HashSet<>(seen);
        deeper.add(name);
        Schema<?> target =
            Objects.requireNonNull(description.getComponents().getSchemas().get(name), name);
        limited(description, target, where + " " + name, deeper);
      }
      return;
    }
    if (schema.getAllOf() != null) {
      schema.getAllOf().forEach(part -> limited(description, part, where, seen));
      return;
    }
    String type = Objects.requireNonNullElse(schema.getType(), "none");
    switch (type) {
      case "string" -> {
        boolean bounded =
            schema.getEnum() != null
                || schema.getMaxLength() != null
                || Set.of("uuid", "date-time").contains(String.valueOf(schema.getFormat()));
        assertThat(bounded).as("%s: a string without maxLength", where).isTrue();
      }
      case "integer" -> {
        assertThat(schema.getMinimum()).as("%s: minimum", where).isNotNull();
        assertThat(schema.getMaximum()).as("%s: maximum", where).isNotNull();
      }
      case "number", "boolean" -> {}
      case "array" -> {
        assertThat(schema.getMaxItems()).as("%s: maxItems", where).isNotNull();
        limited(description, ((ArraySchema) schema).getItems(), where + "[]", seen);
      }
      case "object" -> {
        if (schema.getAdditionalProperties() instanceof Schema<?> values) {
          assertThat(schema.getMaxProperties()).as("%s: maxProperties", where).isNotNull();
          limited(description, values, where + "{}", seen);
        } else {
          assertThat(schema.getAdditionalProperties())
              .as("%s: additionalProperties", where)
              .isEqualTo(false);
        }
        Map<String, Schema> properties =
            Objects.requireNonNullElse(schema.getProperties(), Map.of());
        properties.forEach(
            (name, property) -> limited(description, property, where + "." + name, seen));
      }
      default -> throw new AssertionError(where + ": a schema without a type: " + schema);
    }
  }

  private record Op(OpenAPI description, String path, HttpMethod method, Operation operation) {
    String name() {
      return method + " " + path;
    }
  }

  private static List<Op> operations(String service) {
    OpenAPI description = description(service);
    var operations = new ArrayList<Op>();
    description
        .getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach(
                        (method, operation) ->
                            operations.add(new Op(description, path, method, operation))));
    assertThat(operations).isNotEmpty();
    return operations;
  }

  private static List<String> roles(Op op) {
    Object roles = op.operation().getExtensions().get("x-roles");
    assertThat(roles).as(op.name()).isInstanceOf(List.class);
    return roles instanceof List<?> list ? list.stream().map(Object::toString).toList() : List.of();
  }

  private static Stream<Parameter> parameters(Op op) {
    List<Parameter> parameters =
        Objects.requireNonNullElse(op.operation().getParameters(), List.of());
    return parameters.stream()
        .map(
            parameter ->
                parameter.get$ref() == null
                    ? parameter
                    : op.description()
                        .getComponents()
                        .getParameters()
                        .get(lastSegment(parameter.get$ref())));
  }

  private static ApiResponse resolved(Op op, ApiResponse response) {
    return response.get$ref() == null
        ? response
        : Objects.requireNonNull(
            op.description().getComponents().getResponses().get(lastSegment(response.get$ref())));
  }

  private static String lastSegment(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  private static OpenAPI description(String service) {
    var options = new ParseOptions();
    options.setResolve(true);
    return new OpenAPIV3Parser().readLocation(location(service), null, options).getOpenAPI();
  }

  private static String location(String service) {
    return directory().resolve(service + ".yaml").toString();
  }

  private static Path directory() {
    var resource =
        Objects.requireNonNull(DescriptionsTest.class.getResource("/openapi/registry.yaml"));
    try {
      return Objects.requireNonNull(Path.of(resource.toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> references(@Nullable Object node) {
    return values(node, "$ref");
  }

  private static Stream<String> values(@Nullable Object node, String key) {
    return switch (node) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .flatMap(
                  entry ->
                      key.equals(entry.getKey()) && entry.getValue() instanceof String value
                          ? Stream.of(value)
                          : values(entry.getValue(), key));
      case List<?> list -> list.stream().flatMap(item -> values(item, key));
      case null, default -> Stream.empty();
    };
  }

  private static boolean resolves(Path from, String reference) {
    URI uri = URI.create(reference);
    Path file = uri.getPath().isEmpty() ? from : from.resolveSibling(uri.getPath()).normalize();
    try {
      Object node = Yaml.mapper().readValue(Files.readString(file), Map.class);
      for (String segment : uri.getFragment().substring(1).split("/", -1)) {
        node = node instanceof Map<?, ?> map ? map.get(segment) : null;
      }
      return node != null;
    } catch (IOException e) {
      return false;
    }
  }
}
