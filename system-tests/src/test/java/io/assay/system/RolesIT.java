package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.system.Operations.Operation;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every role against every operation, from the table in the descriptions. */
class RolesIT {

  private static final Map<String, String> USERS =
      Map.of(
          "ml-engineer", "ml-engineer-2",
          "model-validator", "model-validator-2",
          "risk-officer", "risk-officer-2",
          "compliance-officer", "compliance-officer-3",
          "auditor", "auditor-1",
          "operator", "operator-2",
          "admin", "admin-1",
          "pipeline", "pipeline-1");

  /** Of those who can issue it, a key for each scope, and one that reads only. */
  private static final class OfKeys {
    static final Map<String, Keys.Issued> BY_SCOPE =
        Map.of(
            "ml-engineer", Keys.issue("ml-engineer-2", "roles", "ml-engineer"),
            "pipeline", Keys.issue("ml-engineer-2", "roles", "pipeline"),
            "auditor", Keys.issue("auditor-1", "roles", "auditor"));
    static final Keys.Issued READER = Keys.issueReader("ml-engineer-2", "roles", "ml-engineer");
  }

  /** What is posted and changes nothing. */
  private static final Set<String> READING_POSTS = Set.of("assessPolicyImpact", "dryRunPolicy");

  static Stream<Operation> operations() {
    return Operations.all().stream().filter(operation -> !operation.internal());
  }

  static Stream<Operation> internalOperations() {
    return Operations.all().stream().filter(Operation::internal);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void exactlyTheDescribedRolesPass(Operation operation) {
    var wrong = new ArrayList<String>();
    for (var user : USERS.entrySet()) {
      var allowed = operation.roles().contains(user.getKey());
      var status = call(operation, user.getValue());
      check(user.getKey(), allowed, status, wrong);
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aKeyPassesWhereItsScopeDoesAndNoPersonIsNeeded(Operation operation) {
    var wrong = new ArrayList<String>();
    OfKeys.BY_SCOPE.forEach(
        (scope, key) -> {
          var allowed = operation.roles().contains(scope) && !operation.refusesKeys();
          check(scope, allowed, authorized(operation, key.bearer()), wrong);
          check(scope, allowed, authorized(operation, key.basic("any")), wrong);
        });
    var reads = operation.method().equals("GET") || READING_POSTS.contains(operation.id());
    check(
        "a reader",
        reads && operation.roles().contains("ml-engineer") && !operation.refusesKeys(),
        authorized(operation, OfKeys.READER.bearer()),
        wrong);
    assertThat(wrong).isEmpty();
  }

  private static void check(String who, boolean allowed, int status, List<String> wrong) {
    if (status >= 500
        || (allowed ? status == 401 || status == 403 || status == 405 : status != 403)) {
      wrong.add(who + (allowed ? " may, but got " : " may not, but got ") + status);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void withoutATokenNothingIsAnswered(Operation operation) {
    assertThat(call(operation, null)).isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("internalOperations")
  void theGatewayDoesNotRouteWhatIsInternal(Operation operation) {
    for (var user : List.of("ml-engineer-1", "compliance-officer-1", "admin-1")) {
      assertThat(call(operation, user)).isEqualTo(404);
    }
  }

  /** With a body that no operation takes: who may call is told so, and changes nothing. */
  private static int call(Operation operation, @Nullable String user) {
    return authorized(operation, Http.bearer(user));
  }

  private static int authorized(Operation operation, @Nullable String authorization) {
    var request =
        HttpRequest.newBuilder(URI.create(Assays.shared().url() + operation.path()))
            .timeout(Duration.ofSeconds(60))
            .method(
                operation.method(),
                operation.mediaType() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString("{\"unknown\": 1}"));
    if (operation.mediaType() != null) {
      request.header("Content-Type", operation.mediaType());
    }
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return Http.send(request.build()).statusCode();
  }
}
