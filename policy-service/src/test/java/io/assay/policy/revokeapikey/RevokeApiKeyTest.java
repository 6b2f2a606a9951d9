package io.assay.policy.revokeapikey;

import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.contracts.ApiKeyId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Sha256;
import io.assay.platform.testing.DeciderFixture;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RevokeApiKeyTest {

  private static final ApiKeyId KEY = new ApiKeyId(new UUID(0, 1));
  private static final ApiKeyIssued ISSUED =
      new ApiKeyIssued(
          KEY,
          "issuer",
          List.of("pipeline"),
          false,
          Sha256.of(new byte[] {1}),
          Instant.parse("2026-03-01T10:00:00Z"),
          "nightly");
  private static final RevokeApiKey COMMAND = new RevokeApiKey(KEY, "leaked");
  private static final ApiKeyRevoked REVOKED = new ApiKeyRevoked(KEY, "leaked");

  @Test
  void itsIssuerRevokesIt() {
    issued()
        .by("issuer", "ml-engineer")
        .when(COMMAND)
        .then(REVOKED)
        .conflictsWith(REVOKED)
        .standsBeside(new ApiKeyRevoked(new ApiKeyId(new UUID(0, 2)), null));
  }

  @Test
  void anAdministratorRevokesAnybodys() {
    issued().by("another", "admin").when(COMMAND).then(REVOKED);
  }

  @Test
  void whatIsRevokedStaysSo() {
    issued().given(REVOKED).by("issuer", "ml-engineer").when(COMMAND).thenNothing();
  }

  @Test
  void whoSeesAllKeysRevokesOnlyHisOwn() {
    issued()
        .by("another", "auditor")
        .when(COMMAND)
        .thenRejectedRemembering(
            "role-missing",
            List.of(
                new AccessRefused(
                    "another",
                    "revoke only one's own key",
                    RevokeApiKeyDecider.ROUTE,
                    KEY.tag().toString())));
  }

  @Test
  void aKeyOfSomebodyElseOrOfNobodyIsNotThere() {
    issued().by("another", "ml-engineer").when(COMMAND).thenRejected("not-found");
    issued().in("elsewhere").by("issuer", "admin").when(COMMAND).thenRejected("not-found");
    DeciderFixture.of(new RevokeApiKeyDecider())
        .by("issuer", "admin")
        .when(COMMAND)
        .thenRejected("not-found");
  }

  private static DeciderFixture<RevokeApiKey, RevokeApiKeyDecider.State, ApiKeyId> issued() {
    return DeciderFixture.of(new RevokeApiKeyDecider()).given(ISSUED);
  }
}
