package io.assay.policy.edge;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * API keys.
 *
 * @param longestLife how far off the expiry of a key may be when it is issued
 */
@ConfigurationProperties("assay.api-keys")
record ApiKeyConfiguration(@Bindable(defaultValue = "365d") Duration longestLife) {}
