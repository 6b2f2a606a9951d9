package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.cli.Demonstration;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DemonstrationIT {

  @Test
  void theRoadIsPlayedAndPlayedAgainOnTheSameData() {
    var first = play();
    var second = play();

    assertThat(first.told())
        .contains("403", "trail verified: " + first.outcome().events() + " events, root ");
    assertThat(second.told()).contains("409 it is there already, and used again");
    assertThat(second.outcome().model()).isEqualTo(first.outcome().model());
    assertThat(second.outcome().deployment()).isNotEqualTo(first.outcome().deployment());
    assertThat(second.outcome().events()).isGreaterThan(first.outcome().events());
    assertThat(second.outcome().root()).hasSize(64).isNotEqualTo(first.outcome().root());
  }

  @Test
  void aDeploymentIsLeftOutOfPolicyAndAPromotionWaiting() {
    var outcome = play().outcome();
    try (var api = Assays.api()) {
      assertThat(
              api.get("auditor-1", "/api/v1/deployments/" + outcome.deployment())
                  .text("/policyStanding"))
          .isEqualTo("out-of-policy");
      assertThat(
              api.get("auditor-1", "/api/v1/promotions/" + outcome.pendingPromotion())
                  .text("/state"))
          .isEqualTo("pending");
    }
  }

  private record Played(Demonstration.Outcome outcome, String told) {}

  private static Played play() {
    var told = new ByteArrayOutputStream();
    var out = new PrintStream(told, true, StandardCharsets.UTF_8);
    var outcome = new Demonstration(Assays.shared().url(), Assays::token, out).play();
    return new Played(outcome, told.toString(StandardCharsets.UTF_8));
  }
}
