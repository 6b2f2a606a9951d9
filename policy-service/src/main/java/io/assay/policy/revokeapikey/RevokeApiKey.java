package io.assay.policy.revokeapikey;

import io.assay.contracts.ApiKeyId;
import org.jspecify.annotations.Nullable;

/** A key shall be refused from now on. */
public record RevokeApiKey(ApiKeyId apiKey, @Nullable String reason) {}
