package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.JsonSchema;
import io.assay.system.FuzzedRequests.Fuzzed;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Requests that the descriptions allow and such as they do not: whatever is sent, no answer is a
 * failure of the server's, and none is outside of the description.
 *
 * <p>{@code -Dassay.fuzz.seed=N} takes another seed, {@code -Dassay.fuzz.requests=N} sends more.
 */
class FuzzIT {

  private static final long SEED = Long.getLong("assay.fuzz.seed", 4711);
  private static final int REQUESTS = Integer.getInteger("assay.fuzz.requests", 3_000);

  /** So many are shown; each stands for all of its kind. */
  private static final int SHOWN = 40;

  /** What HTTP itself refuses, before any operation is known: not described for each. */
  private static final Set<Integer> ANY_REQUEST = Set.of(406, 414, 431);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, List<String>> USERS =
      Map.of(
          "ml-engineer", List.of("ml-engineer-1", "ml-engineer-2"),
          "model-validator", List.of("model-validator-1", "model-validator-2"),
          "risk-officer", List.of("risk-officer-1", "risk-officer-2"),
          "compliance-officer",
              List.of("compliance-officer-1", "compliance-officer-2", "compliance-officer-3"),
          "auditor", List.of("auditor-1"),
          "operator", List.of("operator-1", "operator-2"),
          "admin", List.of("admin-1"),
          "pipeline", List.of("pipeline-1"));

  private final FuzzedRequests requests = new FuzzedRequests(SEED);
  private final Map<String, String> wrong = new LinkedHashMap<>();
  private final Map<String, Integer> succeeded = new LinkedHashMap<>();

  @Test
  void noAnswerIsAFailureOrOutsideOfTheDescription() {
    var operations = Described.all().stream().filter(operation -> !operation.internal()).toList();
    for (int i = 0; i < REQUESTS; i++) {
      var operation = operations.get(i % operations.size());
      var user = user(operation);
      var request = sendable(operation);
      var answer = send(request, user);
      for (var fault : faults(operation, request, user, answer)) {
        wrong.putIfAbsent(
            operation + " → " + answer.statusCode() + ": " + fault,
            "  request "
                + i
                + " by "
                + user
                + ": "
                + request
                + "\n  answer: "
                + Fuzzed.shortened(answer.body()));
      }
      learn(operation, answer);
    }

    assertThat(wrong.entrySet().stream().limit(SHOWN).map(it -> it.getKey() + "\n" + it.getValue()))
        .as("seed %d, %d kinds of fault", SEED, wrong.size())
        .isEmpty();
    var never = new TreeSet<String>();
    operations.stream()
        .map(Described::id)
        .filter(id -> !succeeded.containsKey(id))
        .forEach(never::add);
    // What takes a registered version or an active policy is met with refusals only.
    assertThat(never)
        .as("operations that never succeeded: the requests do not reach far enough")
        .hasSizeLessThan(operations.size() / 2);
  }

  /**
   * What the client here can send; what it cannot is sent over raw sockets, by the gateway's tests.
   */
  private Fuzzed sendable(Described operation) {
    while (true) {
      var request = requests.next(operation);
      try {
        URI.create(Assays.shared().url() + request.target());
        return request;
      } catch (IllegalArgumentException e) {
        continue;
      }
    }
  }

  private @Nullable String user(Described operation) {
    if (requests.chance(0.02)) {
      return null;
    }
    var roles =
        requests.chance(0.93) ? List.copyOf(operation.roles()) : List.copyOf(USERS.keySet());
    var known = roles.stream().filter(USERS::containsKey).sorted().toList();
    return requests.any(USERS.getOrDefault(requests.any(known), List.of("admin-1")));
  }

  private List<String> faults(
      Described operation, Fuzzed request, @Nullable String user, HttpResponse<String> answer) {
    var faults = new ArrayList<String>();
    int status = answer.statusCode();
    if (status >= 500) {
      faults.add("a failure of the server's");
    }
    if (answer.headers().firstValue("X-Content-Type-Options").isEmpty()) {
      faults.add("no security headers");
    }
    if (user == null ? status < 400 || status == 403 : status == 401) {
      faults.add("a token is asked for where there is one, or the reverse");
    }
    var type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0].strip();
    if (ANY_REQUEST.contains(status)) {
      if (!type.equals("application/problem+json")) {
        faults.add("no problem document");
      }
      return faults;
    }
    var described = operation.answers().get(status);
    if (described == null) {
      faults.add("not described");
      return faults;
    }
    if (described.schemas().isEmpty()) {
      if (!answer.body().isEmpty()) {
        faults.add("a body where none is described");
      }
    } else {
      var schema = described.schemas().get(type);
      if (schema == null) {
        faults.add("Content-Type '" + type + "' is not described");
      } else if (type.endsWith("json")) {
        faults.addAll(faults(schema, tree(answer.body())));
      }
    }
    described
        .headers()
        .forEach(
            (name, schema) -> {
              var value = answer.headers().firstValue(name);
              if (value.isEmpty() && (name.equals("Location") || name.equals("Retry-After"))) {
                faults.add("no " + name);
              }
              value.ifPresent(
                  it ->
                      faults(
                              schema,
                              it.matches("[0-9]{1,18}") && integer(schema)
                                  ? tree(it)
                                  : JSON.valueToTree(it))
                          .forEach(fault -> faults.add(name + " " + fault)));
            });
    if (request.clean() && status == 415) {
      faults.add("the described media type is refused");
    }
    return faults;
  }

  private static boolean integer(JsonSchema schema) {
    return schema.getSchemaNode().path("type").asText().equals("integer");
  }

  private static List<String> faults(JsonSchema schema, JsonNode value) {
    return value.isMissingNode()
        ? List.of("no JSON")
        : schema.validate(value).stream()
            .map(it -> it.getMessage().replaceAll("\\[[0-9]+]", "[n]"))
            .sorted()
            .limit(3)
            .toList();
  }

  private void learn(Described operation, HttpResponse<String> answer) {
    if (answer.statusCode() / 100 == 2) {
      succeeded.merge(operation.id(), 1, Integer::sum);
      requests.learn(
          operation, answer.headers().firstValue("Location").orElse(""), tree(answer.body()));
    }
  }

  private static JsonNode tree(String body) {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static HttpResponse<String> send(Fuzzed request, @Nullable String user) {
    var built =
        HttpRequest.newBuilder(URI.create(Assays.shared().url() + request.target()))
            .timeout(Duration.ofSeconds(60))
            .method(
                request.method(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(built::header);
    var authorization = Http.bearer(user);
    if (authorization != null) {
      built.header("Authorization", authorization);
    }
    try {
      return Http.send(built.build());
    } catch (UncheckedIOException e) {
      return Http.send(built.build()); // on a connection that the server was about to close
    }
  }
}
