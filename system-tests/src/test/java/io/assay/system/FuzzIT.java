package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.JsonSchema;
import io.assay.cli.Api;
import io.assay.cli.Demonstration;
import io.assay.cli.DevelopmentIssuer;
import io.assay.cli.TokenCache;
import io.assay.system.FuzzedRequests.Fuzzed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  /** Of its own: what is sent archives, revokes and retires whatever it finds. */
  private static Shape assay;

  private static final TokenCache TOKENS =
      new TokenCache(
          user -> new DevelopmentIssuer(assay.issuer(), assay.issuerSecret()).token(user));

  private final FuzzedRequests requests = new FuzzedRequests(SEED);
  private final Map<String, String> wrong = new LinkedHashMap<>();
  private final Map<String, Integer> succeeded = new LinkedHashMap<>();

  @BeforeAll
  static void start() {
    assay = Shape.start();
  }

  @AfterAll
  static void stop() {
    if (assay != null) {
      assay.close();
    }
  }

  @Test
  void noAnswerIsAFailureOrOutsideOfTheDescription() throws IOException {
    var operations = Described.all().stream().filter(operation -> !operation.internal()).toList();
    playTheRoad(operations);
    for (int i = 0; i < REQUESTS; i++) {
      var operation = operations.get(i % operations.size());
      var user = user(operation);
      var request = sendable(operation);
      var answer = send(request, user);
      for (var fault : faults(operation, request.clean(), user, answer)) {
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
    assertThat(never)
        .as("operations that never succeeded: the requests do not reach far enough")
        .hasSizeLessThan(operations.size() / 10);
  }

  /** Requests that are known to succeed, to begin with; their answers are looked at as well. */
  private void playTheRoad(List<Described> operations) throws IOException {
    try (var recorder = new Recorder(assay.url());
        var api = new Api(recorder.url(), FuzzIT::token)) {
      reject(api, play(recorder).pendingPromotion());
      api.post(
          "ml-engineer-1",
          "/api/v1/promotions/" + play(recorder).pendingPromotion() + "/withdrawal",
          Api.object().put("reason", "there is a better one"));
      issueAndRevokeAKey(api);
      api.get("auditor-1", "/api/v1/models/recidivism-risk/versions/1/artifacts/model/weights.txt");
      for (var view :
          List.of("registry/views/registry", "policy/views/policy", "lineage/views/audit")) {
        api.get("operator-1", "/api/v1/" + view + "/parked");
        api.post("operator-2", "/api/v1/" + view + "/rebuild");
      }
      for (var exchange : recorder.exchanges()) {
        var path = exchange.target().split("\\?", 2)[0];
        operations.stream()
            .filter(operation -> operation.method().equals(exchange.method()))
            .filter(operation -> operation.isAt(path))
            .findFirst()
            .ifPresent(operation -> learn(operation, exchange));
      }
    }
  }

  private static Demonstration.Outcome play(Recorder recorder) {
    return new Demonstration(
            recorder.url(), FuzzIT::token, new PrintStream(OutputStream.nullOutputStream()))
        .play();
  }

  private static void reject(Api api, String promotion) {
    var request =
        api.get("risk-officer-1", "/api/v1/approval-requests?state=open&subject=" + promotion)
            .body()
            .at("/items/0");
    api.post(
        "risk-officer-1",
        "/api/v1/approval-requests/" + request.path("id").asText() + "/rejections",
        Api.object()
            .put("contentDigest", request.path("contentDigest").asText())
            .put("policyDigest", request.path("policyDigest").asText())
            .put("comment", "not on this evidence"));
  }

  private static void issueAndRevokeAKey(Api api) {
    var body = Api.json(Keys.body("fuzzed", Instant.now().plus(Duration.ofDays(1)), "ml-engineer"));
    var keys =
        Stream.of(body, body)
            .map(it -> api.post("ml-engineer-1", Keys.PATH, it).text("/id"))
            .toList();
    api.get("ml-engineer-1", Keys.PATH + "/" + keys.getFirst());
    api.post(
        "ml-engineer-1",
        Keys.PATH + "/" + keys.getLast() + "/revocation",
        Api.object().put("reason", "no longer used"));
  }

  private void learn(Described operation, Recorder.Exchange exchange) {
    for (var fault : faults(operation, false, "", exchange.answer())) {
      wrong.putIfAbsent(operation + ", as demonstrated: " + fault, exchange.answer().body());
    }
    if (exchange.answer().statusCode() / 100 == 2) {
      succeeded.merge(operation.id(), 1, Integer::sum);
      requests.learn(operation, exchange);
    }
  }

  /**
   * What the client here can send; what it cannot is sent over raw sockets, by the gateway's tests.
   */
  private Fuzzed sendable(Described operation) {
    while (true) {
      var request = requests.next(operation);
      try {
        URI.create(assay.url() + request.target());
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
      Described operation, boolean clean, @Nullable String user, HttpResponse<String> answer) {
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
      var schema = described.schemas().getOrDefault(type, described.schemas().get("*/*"));
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
    if (clean && status == 415) {
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
        HttpRequest.newBuilder(URI.create(assay.url() + request.target()))
            .timeout(Duration.ofSeconds(60))
            .method(
                request.method(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(built::header);
    if (user != null) {
      built.header("Authorization", "Bearer " + token(user));
    }
    return Http.send(built.build());
  }

  private static String token(String user) {
    return TOKENS.apply(user);
  }
}
