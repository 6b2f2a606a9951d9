package io.assay.platform.identity;

import com.nimbusds.jwt.JWTParser;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The issuers of workload tokens that are trusted; none, unless they are configured. */
@Context // so that a rule that cannot be stops the start
@Requires(beans = IdentityConfiguration.class)
class Workloads {

  private final Map<String, WorkloadIssuer> issuers;

  Workloads(
      Collection<WorkloadConfiguration> configured,
      IdentityConfiguration identity,
      @Value("${assay.profile:development}") String profile,
      Clock clock) {
    var all = new HashMap<String, WorkloadIssuer>();
    for (var each : configured) {
      var issuer =
          new WorkloadIssuer(each, identity.clockSkew(), profile.equals("production"), clock);
      if (issuer.issuer().equals(identity.issuer())
          || all.putIfAbsent(issuer.issuer(), issuer) != null) {
        throw new ConfigurationException(
            "assay.identity.workloads." + each.name() + ": this issuer is trusted already");
      }
    }
    this.issuers = Map.copyOf(all);
  }

  /** The trusted issuer that a token says it is of. Nothing is believed yet. */
  Optional<WorkloadIssuer> issuer(String token) {
    if (issuers.isEmpty()) {
      return Optional.empty();
    }
    try {
      var claims = JWTParser.parse(token).getJWTClaimsSet();
      return claims == null || claims.getIssuer() == null
          ? Optional.empty()
          : Optional.ofNullable(issuers.get(claims.getIssuer()));
    } catch (ParseException e) {
      return Optional.empty();
    }
  }
}
