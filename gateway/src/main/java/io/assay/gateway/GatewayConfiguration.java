package io.assay.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * The limits of the gateway.
 *
 * @param rate requests a second that one actor may keep up
 * @param burst requests that one actor may send at once
 * @param jsonLimit bytes of a body that is not an artifact
 * @param timeout for the answer of a service to begin
 * @param artifactTimeout the same for uploads and downloads of artifacts
 * @param consolePaths first segments of paths that the console answers, which authenticates itself
 */
@ConfigurationProperties("assay.gateway")
record GatewayConfiguration(
    @Bindable(defaultValue = "200") long rate,
    @Bindable(defaultValue = "400") long burst,
    @Bindable(defaultValue = "1048576") long jsonLimit,
    @Bindable(defaultValue = "30s") Duration timeout,
    @Bindable(defaultValue = "30m") Duration artifactTimeout,
    List<String> consolePaths) {}
