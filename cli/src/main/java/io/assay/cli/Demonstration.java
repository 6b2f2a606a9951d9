package io.assay.cli;

import static io.assay.cli.Api.segment;
import static io.assay.cli.Telling.expect;
import static io.assay.cli.Telling.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.cli.Api.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * The whole road, from a dataset to a deployment, on the figures that ProPublica published for
 * COMPAS: over HTTP, by the roles concerned, refusals included. It can be played again on the same
 * data: what has a name is used again, everything else is new.
 */
public final class Demonstration {

  private static final String ENGINEER = "ml-engineer-1";
  private static final String VALIDATOR = "model-validator-1";
  private static final String OTHER_VALIDATOR = "model-validator-2";
  private static final String RISK = "risk-officer-1";
  private static final String COMPLIANCE = "compliance-officer-1";
  private static final List<String> OTHER_COMPLIANCE =
      List.of("compliance-officer-2", "compliance-officer-3");
  private static final String AUDITOR = "auditor-1";

  private static final String API = "/api/v1";
  private static final String DATASET = "compas-two-years";
  private static final String SYSTEM = "pretrial-risk";
  private static final String MODEL = "recidivism-risk";
  private static final String POLICY = "production";
  private static final String ENVIRONMENT = "production";
  private static final String VERSIONS = API + "/models/" + MODEL + "/versions";
  private static final String WEIGHTS = "model/weights.txt";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int LOOKS_A_LINE = 25;

  private final Api api;
  private final URI gateway;
  private final Telling telling;
  private final String play = Instant.now().toString().replaceAll("[^0-9TZ]", "");

  /**
   * @param gateway the address of the installation
   * @param tokens the bearer token of a user
   * @param out where the steps are told
   */
  public Demonstration(URI gateway, Function<String, String> tokens, PrintStream out) {
    this.gateway = gateway;
    this.api = new Api(gateway, new TokenCache(tokens));
    this.telling = new Telling(out);
  }

  /** What the road left. */
  public record Outcome(
      int steps,
      long events,
      String root,
      String model,
      String deployment,
      String pendingPromotion) {}

  private record Version(String id, int number) {}

  private record PolicyVersion(String id, int number) {}

  /**
   * Plays the road.
   *
   * @throws Failed at the first step that is not answered as it has to be
   */
  public Outcome play() {
    telling.say("The road from a dataset to a deployment, on ProPublica's figures for COMPAS.");

    telling.chapter("1  What is made, and from what");
    var datasetVersion = registerDataset();
    var run = train(datasetVersion);
    var model = registerModel();
    var version = registerVersion(run, "the scores that were used in Broward County");

    telling.chapter("2  What is measured");
    evaluate(
        version,
        datasetVersion,
        "{\"accuracy\": 0.6509, \"precision\": 0.6189, \"recall\": 0.6536}");
    var compas = resource("bias-compas.json");
    evaluateBias(version, datasetVersion, compas, "published counts");

    telling.chapter("3  A policy, a promotion, a deployment");
    ensurePolicy();
    var first = draft("policy-predictive-parity.yaml", "predictive parity difference at most 0.05");
    activate(first);
    promote(version);
    var deployment = deploy(version);

    telling.chapter("4  A stricter policy");
    var second =
        draft(
            "policy-equal-errors.yaml",
            "and equalized odds at most 0.10, selection ratio at least 4/5");
    assessImpact(second, deployment);
    activate(second);
    seeOutOfPolicy(deployment);
    refusePromotion(version);
    var next = registerVersion(run, "a version with constructed counts");
    telling.detail(
        "No published model meets all three conditions at once while base rates differ; these counts");
    telling.detail(
        "are constructed, with COMPAS's group sizes and base rates, to show what passes.");
    evaluate(next, datasetVersion, "{\"accuracy\": 0.8418}");
    evaluateBias(next, datasetVersion, resource("bias-constructed.json"), "constructed counts");
    var pending = requestPending(next, ENGINEER);

    telling.chapter("5  What an auditor sees");
    readTrail(model);
    readLineage(datasetVersion, deployment);
    var verification = verify();

    telling.say("");
    telling.say(
        "trail verified: %d events, root %s"
            .formatted(verification.body().path("events").asLong(), verification.text("/root")));
    telling.say("Look around: " + gateway);
    telling.say(
        "A deployment is out of policy, and a promotion of version %d waits for two approvals."
            .formatted(next.number()));
    return new Outcome(
        telling.steps(),
        verification.body().path("events").asLong(),
        verification.text("/root"),
        model,
        deployment,
        pending);
  }

  private String registerDataset() {
    var dataset =
        register(
            ENGINEER,
            "registers the dataset " + DATASET,
            "/datasets",
            Api.object()
                .put("name", DATASET)
                .put("description", "Two-year recidivism in Broward County, ProPublica 2016."),
            DATASET);
    var content = (ObjectNode) resource("dataset-version.json");
    content.put("digest", sha256(text("compas-two-years.csv").getBytes(StandardCharsets.UTF_8)));
    var path = API + "/datasets/" + dataset.path("id").asText() + "/versions";
    var answer = expect(api.post(ENGINEER, path, content), 201, 409);
    var version =
        answer.status() == 201
            ? answer.body()
            : item(
                expect(api.get(ENGINEER, path), 200),
                item -> item.path("digest").equals(content.path("digest")));
    telling.step(
        ENGINEER,
        "registers a version: digest, source, schema, rows, validation report",
        answer.status() == 201
            ? "201 version " + version.path("number").asInt()
            : "409 there is that content already, as version " + version.path("number").asInt());
    return version.path("id").asText();
  }

  private String train(String datasetVersion) {
    var start = (ObjectNode) resource("run.json");
    start.put("name", "train-" + play);
    start.putArray("inputs").add(datasetVersion);
    var run = expect(api.post(ENGINEER, API + "/runs", start), 201);
    telling.step(
        ENGINEER, "starts a training run on it: code, environment, parameters", created(run));
    var path = API + "/runs/" + run.text("/id");
    var points = Api.object();
    var list = points.putArray("points");
    for (int step = 0; step < 5; step++) {
      list.addObject()
          .put("key", "loss")
          .put("value", 0.69 - step * 0.01)
          .put("step", step)
          .put("timestamp", Instant.now().toString());
    }
    expect(api.post(ENGINEER, path + "/metrics", points), 200);
    var completed =
        expect(api.post(ENGINEER, path + "/completion", resource("completion.json")), 200);
    telling.step(
        ENGINEER,
        "completes it: metrics, resource use, cost, series sealed",
        completed.status() + " " + completed.text("/state"));
    return run.text("/id");
  }

  private String registerModel() {
    register(
        ENGINEER, "registers the AI system " + SYSTEM, "/systems", resource("system.json"), SYSTEM);
    return register(
            ENGINEER, "registers the model " + MODEL, "/models", resource("model.json"), MODEL)
        .path("id")
        .asText();
  }

  private Version registerVersion(String run, String what) {
    var bytes = ("weights of play " + play + ": " + what + "\n").getBytes(StandardCharsets.UTF_8);
    var manifest = Api.object().put("run", run).put("description", what);
    manifest
        .putArray("artifacts")
        .addObject()
        .put("path", WEIGHTS)
        .put("digest", sha256(bytes))
        .put("size", bytes.length)
        .put("mediaType", "text/plain");
    var registered = expect(api.post(ENGINEER, VERSIONS, manifest), 201);
    var version = new Version(registered.text("/id"), registered.body().path("number").asInt());
    telling.step(
        ENGINEER, "registers version " + version.number() + ": " + what, created(registered));
    var path = VERSIONS + "/" + version.number() + "/artifacts/" + WEIGHTS;
    var stored = expect(api.put(ENGINEER, path, BodyPublishers.ofByteArray(bytes)), 200);
    require(stored.body().path("stored").asBoolean(), "the artifact is stored", stored);
    telling.step(
        ENGINEER,
        "streams " + WEIGHTS + " in",
        "200 SHA-256 checked, " + stored.text("/digest").substring(0, 12) + "…");
    return version;
  }

  private void evaluate(Version version, String datasetVersion, String metrics) {
    var body = Api.object().put("datasetVersion", datasetVersion);
    body.set("metrics", Api.json(metrics));
    var answer =
        expect(api.post(VALIDATOR, VERSIONS + "/" + version.number() + "/evaluations", body), 201);
    telling.step(VALIDATOR, "evaluates version " + version.number(), created(answer));
  }

  private void evaluateBias(Version version, String datasetVersion, JsonNode counts, String whose) {
    var body = (ObjectNode) counts;
    body.put("datasetVersion", datasetVersion);
    var answer =
        expect(
            api.post(VALIDATOR, VERSIONS + "/" + version.number() + "/bias-evaluations", body),
            201);
    telling.step(
        VALIDATOR,
        "evaluates its bias by race (" + whose + ")",
        "201 " + answer.body().path("metrics").size() + " metrics computed by the service");
    for (var name :
        List.of(
            "predictive-parity-difference",
            "equalized-odds-difference",
            "demographic-parity-ratio")) {
      var metric =
          item(answer.body().path("metrics"), found -> name.equals(found.path("name").asText()));
      telling.detail(
          "%s %s (95 %%: %s to %s)"
              .formatted(
                  name,
                  rounded(metric.path("estimate")),
                  rounded(metric.path("lower")),
                  rounded(metric.path("upper"))));
    }
  }

  private void ensurePolicy() {
    register(
        COMPLIANCE,
        "creates the policy " + POLICY + " of " + ENVIRONMENT,
        "/policies",
        Api.object().put("name", POLICY).put("environment", ENVIRONMENT),
        POLICY);
  }

  private PolicyVersion draft(String document, String what) {
    var body =
        Api.object().put("document", "# Play " + play + "\n" + text(document)).put("comment", what);
    var answer = expect(api.post(COMPLIANCE, API + "/policies/" + POLICY + "/versions", body), 201);
    var number = answer.body().path("number").asInt();
    telling.step(COMPLIANCE, "drafts policy version " + number, "201 " + what);
    return new PolicyVersion(answer.text("/id"), number);
  }

  private void activate(PolicyVersion version) {
    var path = API + "/policies/" + POLICY + "/versions/" + version.number();
    var requested = expect(api.post(COMPLIANCE, path + "/activation", Api.object()), 202);
    telling.step(
        COMPLIANCE,
        "asks to put policy version " + version.number() + " in force",
        "202 two others have to approve");
    var request = requested.text("/approvalRequest/href");
    var own = approve(COMPLIANCE, request);
    expect(own, 403);
    telling.step(COMPLIANCE, "approves it himself", "403 " + own.text("/detail"));
    for (var other : OTHER_COMPLIANCE) {
      expect(approve(other, request), 201);
      telling.step(other, "approves it", "201");
    }
    var active = await(COMPLIANCE, path, answer -> "active".equals(answer.text("/state")));
    telling.detail("policy version " + version.number() + " is " + active.text("/state"));
  }

  private void promote(Version version) {
    var promotion = requestPending(version, ENGINEER);
    var path = API + "/promotions/" + promotion;
    var request =
        await(ENGINEER, path, answer -> !answer.text("/approvalRequest/href").isEmpty())
            .text("/approvalRequest/href");
    var own = approve(ENGINEER, request);
    expect(own, 403);
    telling.step(ENGINEER, "approves his own version", "403 " + own.text("/detail"));
    for (var approver : List.of(OTHER_VALIDATOR, RISK)) {
      expect(approve(approver, request), 201);
      telling.step(approver, "approves exactly this content under this policy", "201");
    }
    await(ENGINEER, path, answer -> "permitted".equals(answer.text("/state")));
    telling.step(
        "(by itself)", "the promotion of version " + version.number() + " completes", "permitted");
  }

  private String requestPending(Version version, String who) {
    var answer =
        expect(
            api.post(
                who,
                VERSIONS + "/" + version.number() + "/promotions",
                Api.object().put("environment", ENVIRONMENT)),
            202);
    require("pending".equals(answer.text("/state")), "the promotion is pending", answer);
    telling.step(
        who,
        "asks for version " + version.number() + " in " + ENVIRONMENT,
        "202 pending: only approvals are missing");
    conditions(answer.body());
    return answer.text("/id");
  }

  private String deploy(Version version) {
    var body =
        Api.object()
            .put("version", version.id())
            .put("environment", ENVIRONMENT)
            .put("strategy", "all")
            .put("target", "k8s://courts/pretrial/recidivism-risk");
    var requested = expect(api.post(ENGINEER, API + "/deployments", body), 201);
    telling.step(ENGINEER, "requests its deployment", created(requested));
    var path = API + "/deployments/" + requested.text("/id");
    var observed =
        expect(
            api.post(
                "pipeline-1",
                path + "/observation",
                Api.object().put("comment", "Serving, all replicas ready.")),
            200);
    require("observed".equals(observed.text("/state")), "it is observed", observed);
    telling.step("pipeline-1", "observes it running", "200 " + observed.text("/state"));
    return requested.text("/id");
  }

  private void assessImpact(PolicyVersion version, String deployment) {
    var path = API + "/policies/" + POLICY + "/versions/" + version.number() + "/impact";
    var impact =
        awaitPost(COMPLIANCE, path, answer -> !isMissing(ofDeployment(answer, deployment)));
    var concerned = ofDeployment(impact, deployment);
    require("refused".equals(concerned.path("outcome").asText()), "it would be refused", impact);
    telling.step(
        COMPLIANCE,
        "asks what it would mean for what is live",
        "200 %d of %d deployments would fail"
            .formatted(impact.body().path("refused").asInt(), impact.body().path("total").asInt()));
    var missed = conditions(concerned);
    require(
        missed.containsAll(List.of("equalized-odds", "four-fifths")),
        "equalized odds and the four-fifths rule are missed",
        impact);
  }

  private void seeOutOfPolicy(String deployment) {
    var path = API + "/deployments/" + deployment;
    await(AUDITOR, path, answer -> "out-of-policy".equals(answer.text("/policyStanding")));
    telling.step(AUDITOR, "looks at the deployment", "200 out of policy");
  }

  private void refusePromotion(Version version) {
    var refused =
        expect(
            api.post(
                ENGINEER,
                VERSIONS + "/" + version.number() + "/promotions",
                Api.object().put("environment", ENVIRONMENT)),
            403);
    telling.step(
        ENGINEER,
        "asks again for version " + version.number() + " in " + ENVIRONMENT,
        "403 " + refused.text("/title"));
    var missed = conditions(refused.body());
    require(
        missed.containsAll(List.of("equalized-odds", "four-fifths"))
            && !refused.text("/decision").isEmpty(),
        "the refusal names every missed condition and its decision",
        refused);
  }

  private void readTrail(String model) {
    var path = API + "/audit/events?limit=1000&entity=" + segment("model:" + model);
    var trail = expect(api.get(AUDITOR, path), 200);
    require(!trail.body().path("items").isEmpty(), "the trail of the model has events", trail);
    telling.step(
        AUDITOR,
        "reads the trail of the model",
        "200 " + trail.body().path("items").size() + " events, refusals among them");
  }

  private void readLineage(String datasetVersion, String deployment) {
    var from = "dataset-version:" + datasetVersion;
    var to = "deployment:" + deployment;
    for (var walk : List.of(List.of(from, to, "downstream"), List.of(to, from, "upstream"))) {
      var graph =
          expect(
              api.get(
                  AUDITOR,
                  API
                      + "/lineage?depth=20&direction="
                      + walk.get(2)
                      + "&node="
                      + segment(walk.get(0))),
              200);
      require(
          !isMissing(
              item(
                  graph.body().path("nodes"),
                  node -> node.path("key").asText().equals(walk.get(1)))),
          walk.get(1) + " is reached from " + walk.get(0),
          graph);
      telling.step(
          AUDITOR,
          "walks the lineage "
              + ("downstream".equals(walk.get(2))
                  ? "from the dataset to the deployment"
                  : "from the deployment back to the dataset"),
          "200 %d nodes, %d edges"
              .formatted(graph.body().path("nodes").size(), graph.body().path("edges").size()));
    }
  }

  private Answer verify() {
    var verification = expect(api.post(AUDITOR, API + "/log/verifications"), 200, 202);
    for (int looks = 0; goesOn(verification); looks++) {
      if (looks % LOOKS_A_LINE == 0) {
        telling.detail(
            "%s of %s events read"
                .formatted(verification.text("/events"), verification.text("/logSize")));
      }
      pause();
      verification =
          expect(api.get(AUDITOR, API + "/log/verifications/" + verification.text("/id")), 200);
    }
    require(
        verification.body().path("verified").asBoolean()
            && verification.body().path("faults").isEmpty(),
        "the log verifies",
        verification);
    var size = verification.body().path("events").asLong();
    var log = expect(api.get(AUDITOR, API + "/log?size=" + size), 200);
    require(
        log.text("/root").equals(verification.text("/root")),
        "both say the same root of " + size + " events",
        log);
    telling.step(
        AUDITOR,
        "has every stored byte read and hashed again",
        "200 " + size + " events, no fault");
    return verification;
  }

  private static boolean goesOn(Answer verification) {
    return List.of("waiting", "running").contains(verification.text("/state"));
  }

  private Answer approve(String who, String requestPath) {
    var request = expect(api.get(who, requestPath), 200);
    return api.post(
        who,
        requestPath + "/approvals",
        Api.object()
            .put("contentDigest", request.text("/contentDigest"))
            .put("policyDigest", request.text("/policyDigest"))
            .put("meaning", "approval")
            .put("comment", "Reviewed."));
  }

  /** Registers what has a name, or uses what has it already. */
  private JsonNode register(
      String who, String what, String collection, JsonNode body, String name) {
    var answer = expect(api.post(who, API + collection, body), 201, 409);
    if (answer.status() == 201) {
      telling.step(who, what, created(answer));
      return answer.body();
    }
    telling.step(who, what, "409 it is there already, and used again");
    return expect(api.get(who, API + collection + "/" + segment(name)), 200).body();
  }

  /** Prints the conditions of a decision, and answers the names of those that are missed. */
  private List<String> conditions(JsonNode decision) {
    var missed = new ArrayList<String>();
    for (var condition : decision.path("conditions")) {
      var outcome = condition.path("outcome").asText();
      var name = condition.path("name").asText();
      telling.detail(
          "%s %s: %s, required %s%s"
              .formatted(
                  mark(outcome),
                  name,
                  condition.path("actual").asText("no value"),
                  condition.path("required").asText(),
                  condition.hasNonNull("shortfall")
                      ? ", short by " + condition.path("shortfall").asText()
                      : ""));
      if (!"met".equals(outcome) && !"pending".equals(outcome)) {
        missed.add(name);
      }
    }
    return missed;
  }

  private static String mark(String outcome) {
    return switch (outcome) {
      case "met" -> "✓";
      case "pending" -> "…";
      default -> "✗";
    };
  }

  private static JsonNode ofDeployment(Answer impact, String deployment) {
    return item(
        impact.body().path("deployments"),
        item -> item.path("deployment").asText().equals(deployment));
  }

  /** What happens by itself happens soon; a view may be a moment behind. */
  private Answer await(String who, String path, Predicate<Answer> done) {
    return await(() -> api.get(who, path), done);
  }

  private Answer awaitPost(String who, String path, Predicate<Answer> done) {
    return await(() -> api.post(who, path), done);
  }

  private static Answer await(Supplier<Answer> call, Predicate<Answer> done) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var answer = call.get();
      if (answer.status() == 200 && done.test(answer)) {
        return answer;
      }
      if (System.nanoTime() > deadline) {
        throw new Failed(
            "The road ends here: waited " + PATIENCE.toSeconds() + " s, but " + answer);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("Interrupted", e);
    }
  }

  private static boolean isMissing(JsonNode node) {
    return node.isMissingNode();
  }

  private static JsonNode item(Answer page, Predicate<JsonNode> wanted) {
    return item(page.body().path("items"), wanted);
  }

  private static JsonNode item(JsonNode items, Predicate<JsonNode> wanted) {
    return StreamSupport.stream(items.spliterator(), false)
        .filter(wanted)
        .findFirst()
        .orElseGet(() -> MissingNode.getInstance());
  }

  private static String created(Answer answer) {
    return answer.status()
        + answer.headerValue("Assay-Position").map(position -> " event " + position).orElse("");
  }

  private static String rounded(JsonNode number) {
    return number.isNumber()
        ? new BigDecimal(number.asText()).setScale(4, RoundingMode.HALF_EVEN).toPlainString()
        : "none";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static JsonNode resource(String name) {
    return Api.json(text(name));
  }

  private static String text(String name) {
    try (InputStream stream = Demonstration.class.getResourceAsStream("/demo/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("The jar lacks demo/" + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
