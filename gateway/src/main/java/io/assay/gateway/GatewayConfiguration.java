package io.assay.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * What the gateway lets in, and how long it waits.
 *
 * @param jsonLimit bytes of a body that is not an artifact
 * @param timeout for the answer of a service to begin, and between two parts of it
 * @param artifactTimeout the same for uploads and downloads of artifacts, whose answer begins when
 *     the last byte is in
 * @param idleTimeout after which a connection on which nothing comes and nothing goes is closed
 * @param headerTimeout from the first byte of a request to the end of its headers
 * @param bodyTimeout how long the client may keep the gateway waiting for bytes of a body, beyond
 *     what {@code leastBytesPerSecond} allows
 * @param leastBytesPerSecond the slowest body that is taken, measured while the gateway waits
 * @param maximumHeaders of a request
 * @param retriesPerSecond of reads that a service did not answer, for each service
 * @param maximumBuckets actors and addresses whose requests are counted at a time
 * @param consolePaths first segments of paths that the console answers, which authenticates itself
 */
@ConfigurationProperties("assay.gateway")
record GatewayConfiguration(
    @Bindable(defaultValue = "1048576") long jsonLimit,
    @Bindable(defaultValue = "30s") Duration timeout,
    @Bindable(defaultValue = "30m") Duration artifactTimeout,
    @Bindable(defaultValue = "1m") Duration idleTimeout,
    @Bindable(defaultValue = "10s") Duration headerTimeout,
    @Bindable(defaultValue = "20s") Duration bodyTimeout,
    @Bindable(defaultValue = "10240") long leastBytesPerSecond,
    @Bindable(defaultValue = "100") int maximumHeaders,
    @Bindable(defaultValue = "20") long retriesPerSecond,
    @Bindable(defaultValue = "100000") long maximumBuckets,
    List<String> consolePaths) {}
