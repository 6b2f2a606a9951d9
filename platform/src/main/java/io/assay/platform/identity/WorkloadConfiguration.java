package io.assay.platform.identity;

import io.micronaut.context.annotation.EachProperty;
import io.micronaut.context.annotation.Parameter;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of workload tokens that is trusted, by a name of its own: GitHub Actions, GitLab CI, a
 * Kubernetes cluster.
 *
 * @param name under which it stands in the configuration
 * @param issuer the only value of {@code iss} that is accepted
 * @param jwksUrl where the issuer publishes its keys; found by OpenID Connect discovery unless set
 * @param caFile the certificates of the authority that vouches for it, PEM, where it has its own
 * @param tokenFile what is shown to it as a bearer token, where it wants to know who reads its keys
 * @param audience what {@code aud} has to contain; one that no other service is called by
 * @param jwksTtl how long a key that the issuer withdrew can still be accepted
 * @param longestLife tokens that live longer are refused: nobody can take them back
 * @param rules which claims give which roles, each with {@code claims}, {@code roles} and, unless
 *     it is {@code default}, {@code workspace}
 */
@EachProperty("assay.identity.workloads")
record WorkloadConfiguration(
    @Parameter String name,
    String issuer,
    @Nullable URI jwksUrl,
    @Nullable Path caFile,
    @Nullable Path tokenFile,
    String audience,
    @Bindable(defaultValue = "5m") Duration jwksTtl,
    @Bindable(defaultValue = "24h") Duration longestLife,
    List<Map<String, Object>> rules) {}
