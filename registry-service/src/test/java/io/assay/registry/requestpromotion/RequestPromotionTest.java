package io.assay.registry.requestpromotion;

import static io.assay.registry.testing.Examples.ARTIFACT_STORED;
import static io.assay.registry.testing.Examples.CONTENT;
import static io.assay.registry.testing.Examples.EVALUATED;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.MODEL_ARCHIVED;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.OTHER_PROMOTION;
import static io.assay.registry.testing.Examples.OTHER_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.PROMOTED;
import static io.assay.registry.testing.Examples.PROMOTION;
import static io.assay.registry.testing.Examples.QUARANTINED;
import static io.assay.registry.testing.Examples.REQUESTED;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.WITHDRAWN;
import static io.assay.registry.testing.Examples.activated;
import static io.assay.registry.testing.Examples.decided;
import static io.assay.registry.testing.Examples.digest;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionId;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestPromotionTest {

  private final RequestPromotion command =
      new RequestPromotion(PROMOTION, VERSION, MODEL, "production", CONTENT, null);
  private final RequestPromotion another =
      new RequestPromotion(OTHER_PROMOTION, VERSION, MODEL, "production", CONTENT, null);
  private final PromotionRequested anotherRequested =
      new PromotionRequested(OTHER_PROMOTION, VERSION, MODEL, "production", CONTENT.digest(), null);

  @Test
  void aPromotionIsRequestedForExactlyThisContent() {
    ready().when(command).then(REQUESTED);
  }

  @Test
  void anUnknownVersionIsNotFound() {
    DeciderFixture.of(new RequestPromotionDecider()).when(command).thenRejected("not-found");
  }

  @Test
  void allArtifactsOfTheManifestMustBeStored() {
    var rejection =
        DeciderFixture.of(new RequestPromotionDecider())
            .given(VERSION_REGISTERED, EVALUATED)
            .when(command)
            .thenRejected("wrong-state");
    assertThat(rejection.extensions()).containsEntry("missing", List.of("model/weights.bin"));
  }

  @Test
  void aQuarantinedVersionIsNotPromoted() {
    ready().given(QUARANTINED).when(command).thenRejected("wrong-state");
  }

  @Test
  void aVersionOfAnArchivedModelIsNotPromoted() {
    ready().given(MODEL_ARCHIVED).when(command).thenRejected("wrong-state");
  }

  @Test
  void contentThatChangedWhileItWasAskedForIsALostRace() {
    DeciderFixture.of(new RequestPromotionDecider())
        .given(VERSION_REGISTERED, ARTIFACT_STORED)
        .when(command)
        .thenRejected("lost-race");
  }

  @Test
  void aSecondRequestWhileOneIsOpenIsLinkedToIt() {
    var rejection = ready().given(REQUESTED).when(another).thenRejected("wrong-state");
    assertThat(rejection.extensions())
        .containsEntry("promotion", PROMOTION.value())
        .containsEntry("link", "/api/v1/promotions/" + PROMOTION.value());
  }

  @Test
  void aRequestThatNobodyHadDecidedIsResumed() {
    var when =
        ready()
            .given(REQUESTED)
            .at(NOW.plus(RequestPromotionDecider.ABANDONED))
            .when(another)
            .thenNothing();
    assertThat(when.answer()).isEqualTo(PROMOTION);
  }

  @Test
  void aPendingPromotionIsNotResumedHoweverOldItIs() {
    ready()
        .given(REQUESTED, decided(PromotionEvent.Outcome.PENDING, 4))
        .at(NOW.plusSeconds(86_400))
        .when(another)
        .thenRejected("wrong-state");
  }

  @Test
  void anOpenPromotionOfOtherContentExpiresForTheNewOne() {
    var other =
        new PromotionRequested(PROMOTION, VERSION, MODEL, "production", digest("other"), null);
    ready()
        .given(other)
        .when(another)
        .then(new PromotionExpired(PROMOTION, VERSION, MODEL), anotherRequested);
  }

  @Test
  void afterARefusalOrAWithdrawalItMayBeRequestedAgain() {
    ready()
        .given(REQUESTED, decided(PromotionEvent.Outcome.REFUSE, 4))
        .when(another)
        .then(anotherRequested);
    ready().given(REQUESTED, WITHDRAWN).when(another).then(anotherRequested);
  }

  @Test
  void whatIsPermittedIsNotPermittedAgainUnderTheSamePolicy() {
    permitted().when(another).thenRejected("already-exists");
  }

  @Test
  void underANewPolicyWhatWasPermittedMayBeRequestedAgain() {
    permitted().given(activated()).when(another).then(anotherRequested);
  }

  @Test
  void anotherEnvironmentIsAnotherPromotion() {
    ready()
        .given(REQUESTED)
        .when(new RequestPromotion(OTHER_PROMOTION, VERSION, MODEL, "staging", CONTENT, null))
        .then(
            new PromotionRequested(
                OTHER_PROMOTION, VERSION, MODEL, "staging", CONTENT.digest(), null));
  }

  @Test
  void whateverChangesTheContentConflictsAndAnotherVersionDoesNot() {
    ready()
        .when(command)
        .conflictsWith(EVALUATED)
        .conflictsWith(QUARANTINED)
        .conflictsWith(anotherRequested)
        .conflictsWith(MODEL_ARCHIVED)
        .standsBeside(OTHER_VERSION_REGISTERED);
  }

  private static DeciderFixture<RequestPromotion, ?, PromotionId> ready() {
    return DeciderFixture.of(new RequestPromotionDecider())
        .given(VERSION_REGISTERED, ARTIFACT_STORED, EVALUATED);
  }

  private static DeciderFixture<RequestPromotion, ?, PromotionId> permitted() {
    return ready().given(REQUESTED, decided(PromotionEvent.Outcome.PERMIT, 4), PROMOTED);
  }
}
