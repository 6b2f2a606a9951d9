package io.assay.policy;

import static io.assay.policy.testing.Board.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.Event;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.view.Views;
import io.assay.policy.conditions.Policy;
import io.assay.policy.decidepromotion.PromotionDecisions;
import io.assay.policy.evidence.EvidenceReader;
import io.assay.policy.testing.Candidate;
import io.assay.policy.testing.PolicyService;
import io.assay.policy.testing.PolicyService.Answer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service on PostgreSQL, over its own interface; each test has an environment of its own. */
class PolicyIT {

  private static PolicyService service;

  @BeforeAll
  static void start() {
    service = new PolicyService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void theLastApprovalPermitsThePromotion() {
    var pending = pending("approved");
    approve(pending, "validator", "model-validator");
    approve(pending, "officer", "risk-officer");
    assertThat(decidedAgain(pending).outcome()).isEqualTo(Outcome.PERMIT);
  }

  @Test
  void aRejectionRefusesThePromotion() {
    var pending = pending("rejected");
    var asked = request(pending.promotion);
    var rejected =
        service.reject(
            asked.approvalRequest().value().toString(),
            asked.contentDigest().hex(),
            asked.policyDigest().hex(),
            "officer",
            "risk-officer");
    assertThat(rejected.status()).as(rejected.body().toString()).isEqualTo(201);
    assertThat(decidedAgain(pending).outcome()).isEqualTo(Outcome.REFUSE);
  }

  @Test
  void anotherPolicyHasThePromotionDecidedAnewUnderItWithAnotherRequest() {
    var pending = pending("restaled");
    var former = request(pending.promotion).approvalRequest();
    var second = document(pending.environment, pending.environment) + "description: stricter\n";

    service.activated(pending.policy, second);

    var decided = decidedAgain(pending);
    assertThat(decided.outcome()).isEqualTo(Outcome.PENDING);
    assertThat(decided.policyDigest()).isEqualTo(Policy.digest(second));
    var asked = request(pending.promotion);
    assertThat(asked.approvalRequest()).isNotEqualTo(former);
    assertThat(asked.policyDigest()).isEqualTo(Policy.digest(second));
    long head = service.log().head() - 1;
    var shown = service.get("/api/v1/approval-requests/" + former.value(), head);
    assertThat(shown.text("state")).isEqualTo("stale");
  }

  @Test
  void newEvidenceRefusesThePromotionOfWhatWasThereBefore() {
    var pending = pending("evaluated");
    pending.candidate.evaluated();
    var decided = decidedAgain(pending);
    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(decided.conditions()).extracting("name").containsExactly("content-unchanged");
    assertThat(decided.conditions().getFirst().actual())
        .isEqualTo(pending.candidate.content().hex());
    var shown =
        service.get("/api/v1/decisions/" + decided.decision().value(), service.log().head() - 1);
    assertThat(shown.text("outcome")).isEqualTo("refused");
  }

  @Test
  void anExpiredRequestIsOpenedAnew() {
    var pending = pending("expired");
    var former = request(pending.promotion).approvalRequest();
    Candidate.append(
        service.log(),
        List.of(),
        "somebody",
        new ApprovalRequestExpired(former, Subject.PROMOTION, pending.promotion.value()));
    assertThat(decidedAgain(pending).outcome()).isEqualTo(Outcome.PENDING);
    assertThat(request(pending.promotion).approvalRequest()).isNotEqualTo(former);
  }

  @Test
  void aPolicyActivatedWhileAPromotionIsDecidedConflictsAndItIsDecidedUnderThat() {
    var pending = pending("racing");
    var second = document(pending.environment, pending.environment) + "description: second\n";
    var sent = new ArrayList<Object>();
    var commands = service.context().getBean(Commands.class);
    var racing =
        new Commands() {
          @Override
          public <R> Receipt<R> send(Object command, Invocation invocation, @Nullable Guard seen) {
            if (sent.isEmpty()) {
              service.activated(pending.policy, second);
            }
            sent.add(command);
            return commands.send(command, invocation, seen);
          }
        };

    var decided =
        new PromotionDecisions(service.log(), new EvidenceReader(service.log()), racing)
            .decide(pending.promotion, null, invocation())
            .answer();

    assertThat(sent).hasSize(2);
    assertThat(decided.policyDigest()).isEqualTo(Policy.digest(second));
    assertThat(all(pending.promotion, "PromotionDecided").stream().skip(1))
        .allSatisfy(
            event ->
                assertThat(((PromotionDecided) event).policyDigest())
                    .isEqualTo(Policy.digest(second)));
  }

  @Test
  void aPermitUnderTheFormerPolicyCompletesNothing() {
    var pending = pending("overtaken");
    approve(pending, "validator", "model-validator");
    approve(pending, "officer", "risk-officer");
    var permit = decidedAgain(pending);
    assertThat(permit.outcome()).isEqualTo(Outcome.PERMIT);

    service.activated(
        pending.policy,
        document(pending.environment, pending.environment) + "description: second\n");

    assertThatThrownBy(() -> pending.candidate.completed(permit))
        .hasCauseInstanceOf(AppendConflictException.class);
  }

  @Test
  void replayMakesTheSameViewAsLivingThroughIt() throws SQLException {
    var environment = "replayed";
    var policy = service.policy(environment);
    service.activated(policy, document(environment, environment));
    for (int story = 0; story < 4; story++) {
      var candidate = service.candidate(environment);
      var promotion = candidate.requested("engineer");
      var pending =
          new Pending(environment, policy, candidate, promotion, decide(candidate, promotion));
      switch (story) {
        case 0 -> {
          approve(pending, "validator", "model-validator");
          approve(pending, "officer", "risk-officer");
          candidate.completed(decidedAgain(pending));
        }
        case 1 -> {
          var asked = request(promotion);
          service.reject(
              asked.approvalRequest().value().toString(),
              asked.contentDigest().hex(),
              asked.policyDigest().hex(),
              "officer",
              "risk-officer");
          decidedAgain(pending);
        }
        case 2 -> {
          candidate.evaluated();
          decidedAgain(pending);
        }
        default -> {
          service.activated(policy, document(environment, environment) + "description: second\n");
          decidedAgain(pending);
          Candidate.append(
              service.log(),
              List.of(),
              "somebody",
              new ApprovalRequestExpired(
                  request(promotion).approvalRequest(), Subject.PROMOTION, promotion.value()));
        }
      }
    }
    for (var revoked : List.of(true, false)) {
      var key = apiKey("replayed");
      if (revoked) {
        var path = "/api/v1/api-keys/" + id(key) + "/revocation";
        assertThat(service.post(path, Map.of(), "engineer", "ml-engineer").status()).isEqualTo(200);
      }
    }
    var views = service.context().getBean(Views.class);
    await()
        .untilAsserted(
            () ->
                assertThat(views.progress())
                    .allMatch(view -> view.position() == view.head() && view.parked() == 0));
    var live = tables();
    assertThat(live.get("approval_request"))
        .anyMatch(row -> row.contains("approved"))
        .anyMatch(row -> row.contains("rejected"))
        .anyMatch(row -> row.contains("stale"))
        .anyMatch(row -> row.contains("expired"));
    assertThat(live.get("approval_answer")).isNotEmpty();
    assertThat(live.get("api_key")).hasSizeGreaterThan(1);

    spoil();
    views.rebuild("policy");

    await().untilAsserted(() -> assertThat(tables()).isEqualTo(live));
  }

  @Test
  void draftingRightAfterCreatingFindsThePolicyByItsName() {
    for (int i = 0; i < 20; i++) {
      var name = "born " + i;
      service.post(
          "/api/v1/policies",
          Map.of("name", name, "environment", "cradle"),
          "author",
          "compliance-officer");
      var path = "/api/v1/policies/born%20" + i + "/versions";
      var drafted = draft(path, document(name, "cradle"));
      assertThat(drafted.status()).as(drafted.body().toString()).isEqualTo(201);
      var asked = service.post(path + "/1/activation", Map.of(), "author", "compliance-officer");
      assertThat(asked.status()).as(asked.body().toString()).isEqualTo(202);
    }
  }

  @Test
  void theReasonsOfADraftAndOfItsActivationAreKeptAndShown() {
    var path = service.policy("reasoned") + "/versions";
    var drafted =
        service.post(
            path,
            Map.of("document", document("reasoned", "reasoned"), "comment", "why drafted"),
            "author",
            "compliance-officer");
    assertThat(drafted.text("comment")).isEqualTo("why drafted");

    var asked =
        service.post(
            path + "/1/activation",
            Map.of("comment", "why in force"),
            "author",
            "compliance-officer");

    assertThat(asked.text("comment")).isEqualTo("why drafted");
    assertThat(service.get(path + "/1", asked.position()).text("comment")).isEqualTo("why drafted");
    var request = asked.body().get("approvalRequest").get("href").asText();
    assertThat(service.get(request, asked.position()).text("comment")).isEqualTo("why in force");

    service.orderErasure(drafted.position(), asked.position());
    long head = service.log().head() - 1;
    assertThat(service.get(path + "/1", head).body().has("comment")).isFalse();
    assertThat(service.get(request, head).body().has("comment")).isFalse();
  }

  @Test
  void aRequestSaysWhatItsModelIsCalledUntilThatIsErased() {
    var pending = pending("forgotten");
    var asked = request(pending.promotion);
    var path = "/api/v1/approval-requests/" + asked.approvalRequest().value();
    var registered =
        service
            .log()
            .source(
                Query.of(
                    EventMetadata.DEFAULT_WORKSPACE,
                    Criterion.of(pending.candidate.model.tag(), "ModelRegistered")),
                0)
            .events()
            .getFirst();
    var name = ((ModelRegistered) registered.event()).name();
    var about = " 1 → " + pending.environment;
    assertThat(service.get(path, service.log().head() - 1).text("label")).isEqualTo(name + about);

    service.orderErasure(registered.position());
    assertThat(service.get(path, service.log().head() - 1).text("label"))
        .isEqualTo(pending.candidate.model.value() + about);
  }

  @Test
  void whatAKeyWasCalledAndWhyItWasRevokedIsErasedAndTheRestStays() {
    var issued = apiKey("Ada's laptop");
    var path = "/api/v1/api-keys/" + id(issued);
    var revoked =
        service.post(path + "/revocation", Map.of("reason", "Ada left"), "engineer", "ml-engineer");
    assertThat(revoked.text("name")).isEqualTo("Ada's laptop");
    assertThat(revoked.text("revocationReason")).isEqualTo("Ada left");

    service.orderErasure(issued.position(), revoked.position());
    var erased = service.get(path, service.log().head() - 1).body();
    assertThat(erased.has("name")).isFalse();
    assertThat(erased.has("revocationReason")).isFalse();
    assertThat(erased.get("status").asText()).isEqualTo("revoked");
  }

  private static Answer apiKey(String name) {
    var issued =
        service.post(
            "/api/v1/api-keys",
            Map.of(
                "name",
                name,
                "scopes",
                List.of("ml-engineer"),
                "expiresAt",
                Instant.now().plusSeconds(3600).toString()),
            "engineer",
            "ml-engineer");
    assertThat(issued.status()).as(issued.body().toString()).isEqualTo(201);
    return issued;
  }

  private static String id(Answer issued) {
    return issued.body().at("/apiKey/id").asText();
  }

  @Test
  void faultyDocumentsAreAnsweredWithTheirFieldsAndWhatToDo() {
    var path = service.policy("faulty") + "/versions";

    var unknownKey = draft(path, document("faulty", "faulty") + "extra: 1\n");
    assertThat(unknownKey.status()).isEqualTo(422);
    assertThat(unknownKey.text("type")).endsWith("/problems/unacceptable");
    assertThat(pointers(unknownKey)).containsExactly("/document");
    assertThat(unknownKey.body().get("errors").get(0).get("detail").asText())
        .contains("/extra", "line 13", "Unknown key 'extra'");

    var uncompiled = draft(path, document("faulty", "faulty").replace("\"true\"", "\"tru\""));
    assertThat(uncompiled.status()).isEqualTo(422);
    assertThat(uncompiled.body().get("errors").get(0).get("detail").asText())
        .contains("/conditions/0/expression", "line 5", "tru");

    assertThat(pointers(draft(path, document("other", "faulty"))))
        .containsExactly("/document/name");
    assertThat(pointers(draft(path, document("faulty", "other"))))
        .containsExactly("/document/environment");

    var wrongType = service.post(path, Map.of("document", 1), "author", "compliance-officer");
    assertThat(wrongType.status()).isEqualTo(400);
    assertThat(pointers(wrongType)).containsExactly("/document");
    var unknownField =
        service.post(
            path,
            Map.of("document", document("faulty", "faulty"), "coment", "why"),
            "author",
            "compliance-officer");
    assertThat(unknownField.status()).isEqualTo(400);
    assertThat(pointers(unknownField)).containsExactly("/coment");
    var missing = service.post(path, Map.of(), "author", "compliance-officer");
    assertThat(missing.status()).isEqualTo(400);
    assertThat(pointers(missing)).containsExactly("/document");
  }

  /** A promotion that waits for approvals. */
  private record Pending(
      String environment,
      String policy,
      Candidate candidate,
      PromotionId promotion,
      long decidedAt) {}

  private static Pending pending(String environment) {
    var policy = service.policy(environment);
    service.activated(policy, document(environment, environment));
    var candidate = service.candidate(environment);
    var promotion = candidate.requested("engineer");
    return new Pending(environment, policy, candidate, promotion, decide(candidate, promotion));
  }

  private static long decide(Candidate candidate, PromotionId promotion) {
    var decided = service.decide(promotion, candidate.content().hex());
    assertThat(decided.status()).as(decided.body().toString()).isEqualTo(201);
    assertThat(decided.text("outcome")).isEqualTo("pending");
    return decided.body().get("position").asLong();
  }

  private static void approve(Pending pending, String person, String role) {
    var asked = request(pending.promotion);
    var approved =
        service.approve(
            asked.approvalRequest().value().toString(),
            asked.contentDigest().hex(),
            asked.policyDigest().hex(),
            person,
            role);
    assertThat(approved.status()).as(approved.body().toString()).isEqualTo(201);
  }

  /** What a reaction has decided since. */
  private static PromotionDecided decidedAgain(Pending pending) {
    await()
        .until(
            () ->
                !service
                    .log()
                    .source(query(pending.promotion, "PromotionDecided"), pending.decidedAt + 1)
                    .events()
                    .isEmpty());
    return (PromotionDecided) all(pending.promotion, "PromotionDecided").getLast();
  }

  private static ApprovalRequested request(PromotionId promotion) {
    return (ApprovalRequested) all(promotion, "ApprovalRequested").getLast();
  }

  private static List<Event> all(PromotionId promotion, String type) {
    return service.log().source(query(promotion, type), 0).events().stream()
        .map(event -> event.event())
        .toList();
  }

  private static Query query(PromotionId promotion, String type) {
    return Query.of(EventMetadata.DEFAULT_WORKSPACE, Criterion.of(promotion.tag(), type));
  }

  private static Answer draft(String path, String document) {
    return service.post(path, Map.of("document", document), "author", "compliance-officer");
  }

  private static List<String> pointers(Answer answer) {
    var pointers = new ArrayList<String>();
    answer.body().get("errors").forEach(error -> pointers.add(error.get("pointer").asText()));
    return pointers;
  }

  private static Invocation invocation() {
    return new Invocation(
        new Actor("engineer", Actor.Kind.PERSON),
        null,
        Set.of(),
        EventMetadata.DEFAULT_WORKSPACE,
        Instant.now(),
        UUID.randomUUID().toString(),
        null,
        null,
        null,
        null);
  }

  /** Only replay makes this good again. */
  private static void spoil() throws SQLException {
    try (var connection = service.database().superuser().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("delete from policy.approval_answer");
      statement.execute("update policy.policy set name = 'spoilt'");
      statement.execute("delete from policy.api_key");
    }
  }

  /** The rows of every table of the view. */
  private static Map<String, List<String>> tables() throws SQLException {
    var tables = new TreeMap<String, List<String>>();
    try (var connection = service.database().superuser().getConnection();
        var statement = connection.createStatement()) {
      for (var table :
          List.of(
              "policy",
              "policy_version",
              "gate",
              "decision",
              "approval_request",
              "approval_answer",
              "live_deployment",
              "api_key")) {
        var rows = new ArrayList<String>();
        try (var found =
            statement.executeQuery("select t::text from policy." + table + " t order by 1")) {
          while (found.next()) {
            rows.add(found.getString(1));
          }
        }
        tables.put(table, rows);
      }
    }
    return tables;
  }
}
