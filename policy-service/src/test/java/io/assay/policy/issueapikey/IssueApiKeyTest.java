package io.assay.policy.issueapikey;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Actor;
import io.assay.platform.testing.DeciderFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IssueApiKeyTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final ApiKeyId KEY = new ApiKeyId(new UUID(0, 1));
  private static final Sha256 DIGEST = Sha256.of(new byte[] {1});

  @Test
  void aPersonHandsOnAPartOfWhatHeMay() {
    var command = command(NOW.plus(YEAR), false, "pipeline", "ml-engineer", "pipeline");

    assertThat(by("ml-engineer").when(command).then(issued(command)).answer()).isEqualTo(KEY);
  }

  @Test
  void itBearsTheDigestAndNotTheSecret() {
    var command = command(NOW.plus(YEAR), true, "ml-engineer");

    by("ml-engineer")
        .when(command)
        .then(
            new ApiKeyIssued(
                KEY, "issuer", List.of("ml-engineer"), true, DIGEST, NOW.plus(YEAR), "nightly"));
  }

  @ParameterizedTest
  @CsvSource({
    "ml-engineer, auditor",
    "auditor, ml-engineer",
    "auditor, pipeline",
    "model-validator, model-validator",
    "risk-officer, risk-officer",
    "compliance-officer, compliance-officer",
    "admin, admin",
    "operator, operator",
    "service, service",
    "risk-officer, ml-engineer"
  })
  void noKeyGivesWhatItsIssuerLacksOrWhatApproves(String held, String scope) {
    by(held)
        .when(command(NOW.plus(YEAR), false, scope))
        .thenRejectedRemembering("role-missing", List.of(refused("role-missing")), "/scopes/0");
  }

  @Test
  void theScopeAtFaultIsNamed() {
    by("ml-engineer")
        .when(command(NOW.plus(YEAR), false, "pipeline", "auditor"))
        .thenRejectedRemembering("role-missing", List.of(refused("role-missing")), "/scopes/1");
  }

  @Test
  void aServiceIssuesNone() {
    by(new Actor("issuer", Actor.Kind.SERVICE), "ml-engineer")
        .when(command(NOW.plus(YEAR), false, "ml-engineer"))
        .thenRejectedRemembering(
            "credential-not-allowed", List.of(refused("credential-not-allowed")));
  }

  @Test
  void itExpiresInTheFutureAndNotTooFarOff() {
    by("ml-engineer")
        .when(command(NOW, false, "pipeline"))
        .thenRejected("unacceptable", "/expiresAt");
    by("ml-engineer")
        .when(command(NOW.plus(YEAR).plusMillis(1), false, "pipeline"))
        .thenRejected("unacceptable", "/expiresAt");
    var soon = command(NOW.plusMillis(1), false, "pipeline");
    by("ml-engineer").when(soon).then(issued(soon));
  }

  private static DeciderFixture<IssueApiKey, Boolean, ApiKeyId> by(String... roles) {
    return by(new Actor("issuer", Actor.Kind.PERSON), roles);
  }

  private static DeciderFixture<IssueApiKey, Boolean, ApiKeyId> by(Actor actor, String... roles) {
    return DeciderFixture.of(new IssueApiKeyDecider()).at(NOW).by(actor, roles);
  }

  private static IssueApiKey command(Instant expiresAt, boolean readOnly, String... scopes) {
    return new IssueApiKey(KEY, DIGEST, "nightly", List.of(scopes), readOnly, expiresAt, YEAR);
  }

  private static ApiKeyIssued issued(IssueApiKey command) {
    return new ApiKeyIssued(
        KEY,
        "issuer",
        command.scopes().stream().distinct().sorted().toList(),
        command.readOnly(),
        DIGEST,
        command.expiresAt(),
        "nightly");
  }

  private static AccessRefused refused(String rule) {
    return new AccessRefused("issuer", rule, IssueApiKeyDecider.ROUTE, null);
  }
}
