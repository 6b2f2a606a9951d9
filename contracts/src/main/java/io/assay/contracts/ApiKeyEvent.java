package io.assay.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to API keys, the credentials of pipelines. Services admit a key by these alone. */
public sealed interface ApiKeyEvent extends Event {

  /**
   * From here on whoever presents the key acts for its issuer, in the workspace of this event.
   *
   * @param issuer the actor whom it acts for
   * @param scopes the roles that it gives, spelled as tokens do
   * @param readOnly whether it is refused everything that changes something
   * @param secretDigest SHA-256 of the secret, which is random and as long as the digest
   * @param expiresAt from when on it is refused
   */
  @EventType(name = "ApiKeyIssued", writer = Writer.POLICY)
  record ApiKeyIssued(
      ApiKeyId apiKey,
      String issuer,
      List<String> scopes,
      boolean readOnly,
      Sha256 secretDigest,
      Instant expiresAt,
      @Erasable @Nullable String name)
      implements ApiKeyEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(apiKey.tag());
    }
  }

  /** From here on the key is refused, for ever. */
  @EventType(name = "ApiKeyRevoked", writer = Writer.POLICY)
  record ApiKeyRevoked(ApiKeyId apiKey, @Erasable @Nullable String reason) implements ApiKeyEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(apiKey.tag());
    }
  }
}
