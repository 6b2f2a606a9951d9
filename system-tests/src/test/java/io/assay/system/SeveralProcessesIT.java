package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.cli.Api;
import io.assay.cli.Demonstration;
import io.assay.cli.DevelopmentIssuer;
import io.assay.cli.TokenCache;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two processes of each service, which come and go. */
class SeveralProcessesIT {

  private static final int CLIENTS = 6;

  /** Enough for every client to have met whatever the last loss left behind. */
  private static final int WRITES_BETWEEN = 40;

  private static SeveralProcesses assay;
  private static final TokenCache TOKENS =
      new TokenCache(
          user -> new DevelopmentIssuer(assay.issuer(), assay.issuerSecret()).token(user));

  @BeforeAll
  static void start() {
    assay =
        Shape.isSeveral()
            ? (SeveralProcesses) Assays.shared()
            : SeveralProcesses.start(Assays.temporaryFolder());
  }

  @AfterAll
  static void stop() {
    if (assay != null && !Shape.isSeveral()) {
      assay.close();
    }
  }

  @Test
  void killingOneProcessAfterTheOtherLosesAndDoublesNothingAcknowledged() throws SQLException {
    var load = new Load(gateways(), () -> token("ml-engineer-1"));
    int kills = 0;
    try (load) {
      load.start(CLIENTS);
      for (int instance = 0; instance < 2; instance++) {
        load.awaitMore(WRITES_BETWEEN);
        for (var server : instances(instance)) {
          server.kill();
          kills++;
          load.awaitMore(WRITES_BETWEEN);
        }
        assertThatTheOthersDoTheirWork(1 - instance);
        var killed = instances(instance);
        killed.forEach(Server::start);
        load.easy(() -> killed.forEach(Server::awaitReady));
      }
    }

    assertThat(load.surprises).isEmpty();
    assertThat(load.failures).hasSizeLessThanOrEqualTo(kills * CLIENTS);
    var recorded = Recorded.datasets(assay.postgres().superuser());
    assertThat(load.acknowledged).allSatisfy(name -> assertThat(recorded).containsEntry(name, 1));
    assertThat(recorded.values()).containsOnly(1);
    assertThatTheLogVerifies(0);
  }

  @Test
  void aRollingRestartOfEveryServiceUnderLoadFailsNoRequest() {
    var load = new Load(gateways(), () -> token("ml-engineer-1"));
    try (load) {
      load.start(CLIENTS);
      for (var server : assay.all()) {
        if (!server.service().equals("dev-issuer")) {
          load.awaitMore(WRITES_BETWEEN);
          server.terminate();
          server.start();
          load.easy(server::awaitReady);
        }
      }
      load.awaitMore(WRITES_BETWEEN);
    }

    assertThat(load.failures).isEmpty();
    assertThat(load.surprises).isEmpty();
  }

  @Test
  void aRepeatedWriteIsAnsweredAsTheFirstWasByWhicheverProcessIsAsked() {
    var key = UUID.randomUUID().toString();
    var answers = new ArrayList<HttpResponse<String>>();
    for (var registry : assay.instances("registry")) {
      answers.add(
          Http.send(
              HttpRequest.newBuilder(URI.create(registry.url() + "/api/v1/datasets"))
                  .header("Authorization", "Bearer " + token("ml-engineer-1"))
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", key)
                  .POST(BodyPublishers.ofString("{\"name\": \"once-" + key + "\"}"))
                  .build()));
    }

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
    assertThat(answers.get(1).body()).isEqualTo(answers.get(0).body());
    for (var header : List.of("Location", "Assay-Position")) {
      assertThat(answers.get(1).headers().firstValue(header))
          .isPresent()
          .isEqualTo(answers.get(0).headers().firstValue(header));
    }
  }

  private static List<URI> gateways() {
    return assay.instances("gateway").stream().map(Server::url).toList();
  }

  private static List<Server> instances(int number) {
    return List.of("registry", "policy", "lineage", "console", "gateway").stream()
        .map(service -> assay.instances(service).get(number))
        .toList();
  }

  /** The road needs the views and the reactions of every service. */
  private static void assertThatTheOthersDoTheirWork(int gateway) {
    var told = new ByteArrayOutputStream();
    var outcome =
        new Demonstration(
                assay.instances("gateway").get(gateway).url(),
                SeveralProcessesIT::token,
                new PrintStream(told, true, StandardCharsets.UTF_8))
            .play();
    assertThat(outcome.root()).as(told.toString(StandardCharsets.UTF_8)).hasSize(64);
  }

  private static void assertThatTheLogVerifies(int gateway) {
    try (var api =
        new Api(assay.instances("gateway").get(gateway).url(), SeveralProcessesIT::token)) {
      var verification = api.post("auditor-1", "/api/v1/log/verifications");
      assertThat(verification.body().path("verified").asBoolean())
          .as(verification.toString())
          .isTrue();
    }
  }

  private static String token(String user) {
    return TOKENS.apply(user);
  }
}
