package io.assay.policy.issueapikey;

import io.assay.contracts.ApiKeyId;
import io.assay.contracts.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A pipeline shall have a credential. Its secret is not in the command.
 *
 * @param secretDigest SHA-256 of the secret
 * @param longestLife how far off {@code expiresAt} may be
 */
public record IssueApiKey(
    ApiKeyId apiKey,
    Sha256 secretDigest,
    String name,
    List<String> scopes,
    boolean readOnly,
    Instant expiresAt,
    Duration longestLife) {

  public IssueApiKey {
    scopes = List.copyOf(scopes);
  }
}
