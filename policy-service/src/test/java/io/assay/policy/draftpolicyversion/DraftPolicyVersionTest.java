package io.assay.policy.draftpolicyversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.platform.testing.DeciderFixture;
import io.assay.policy.conditions.Policies;
import io.assay.policy.conditions.Policy;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DraftPolicyVersionTest {

  private static final PolicyId POLICY = new PolicyId(new UUID(0, 1));
  private static final PolicyVersionId VERSION = new PolicyVersionId(new UUID(0, 2));
  private static final String DOCUMENT = Policies.shipped("production-v1");
  private static final PolicyVersionDrafted DRAFTED =
      new PolicyVersionDrafted(
          VERSION, POLICY, "production", DOCUMENT, Policy.of(DOCUMENT).digest(), "why");

  @Test
  void aDocumentThatCompilesBecomesTheNextVersion() {
    registered("production").when(draft(DOCUMENT)).then(DRAFTED);
    assertThat(registered("production").given(DRAFTED).when(draft(DOCUMENT)).answer()).isEqualTo(2);
  }

  @Test
  void faultsAreNamedWithTheirPlace() {
    var rejection =
        registered("production")
            .when(draft(Policies.of("bias.foo('x')")))
            .thenRejected("unacceptable", "/document");
    assertThat(rejection.status()).isEqualTo(422);
    assertThat(rejection.detail()).contains("foo");
  }

  @Test
  void aDocumentForAnotherEnvironmentIsRefused() {
    registered("staging")
        .when(draft(DOCUMENT))
        .thenRejected("unacceptable", "/document/environment");
  }

  @Test
  void aDocumentOfAnotherNameIsRefused() {
    registered("production")
        .when(draft(DOCUMENT.replace("name: production\n", "name: other\n")))
        .thenRejected("unacceptable", "/document/name");
  }

  @Test
  void aNameIsTheSameInWhicheverWayItsLettersAreComposed() {
    var answer =
        DeciderFixture.of(new DraftPolicyVersionDecider())
            .given(new PolicyRegistered(POLICY, "production", "Zo\u00eb", null))
            .when(draft(DOCUMENT.replace("name: production\n", "name: Zoe\u0308\n")))
            .answer();
    assertThat(answer).isEqualTo(1);
  }

  @Test
  void anErasedNameIsNotCompared() {
    var answer =
        DeciderFixture.of(new DraftPolicyVersionDecider())
            .given(new PolicyRegistered(POLICY, "production", null, null))
            .when(draft(DOCUMENT))
            .answer();
    assertThat(answer).isEqualTo(1);
  }

  @Test
  void anUnknownPolicyIsNotFound() {
    DeciderFixture.of(new DraftPolicyVersionDecider())
        .when(draft(DOCUMENT))
        .thenRejected("not-found");
  }

  private static DraftPolicyVersion draft(String document) {
    return new DraftPolicyVersion(VERSION, POLICY, document, "why");
  }

  private static DeciderFixture<DraftPolicyVersion, ?, Integer> registered(String environment) {
    return DeciderFixture.of(new DraftPolicyVersionDecider())
        .given(new PolicyRegistered(POLICY, environment, "production", null));
  }
}
