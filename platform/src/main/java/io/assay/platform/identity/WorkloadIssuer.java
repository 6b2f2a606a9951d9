package io.assay.platform.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micronaut.context.exceptions.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One trusted issuer of workload tokens.
 *
 * <p>Accepts a JWT signed with RS256 or ES256 by a key that this issuer publishes, of type {@code
 * JWT} or of none (as Kubernetes has it), with its name, our audience, a subject, and a life that
 * has begun, has not ended, and is not longer than configured. Refuses everything else.
 *
 * <p>Its keys are cached; an unknown one makes them be read again, at most once a second. While the
 * issuer is away, those that were read go on for an hour.
 */
final class WorkloadIssuer {

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  private static final long REFRESH_TIMEOUT_MILLIS = 10_000;
  private static final long OUTAGE_MILLIS = 60 * 60 * 1_000;
  private static final long LEAST_MILLIS_BETWEEN_READINGS = 1_000;

  /** Between two attempts to find out where an issuer publishes its keys. */
  private static final Duration LEAST_BETWEEN_DISCOVERIES = Duration.ofSeconds(5);

  private final WorkloadConfiguration configuration;
  private final List<WorkloadRule> rules;
  private final Duration skew;
  private final boolean production;
  private final Clock clock;
  private final IssuerDocuments documents;
  private @Nullable DefaultJWTProcessor<SecurityContext> processor;
  private @Nullable Instant triedAt;

  /**
   * @param skew how far the issuer's clock may be off
   * @param production whether keys have to come by TLS
   */
  WorkloadIssuer(
      WorkloadConfiguration configuration, Duration skew, boolean production, Clock clock) {
    this.configuration = configuration;
    this.skew = skew;
    this.production = production;
    this.clock = clock;
    var where = "assay.identity.workloads." + configuration.name();
    if (configuration.audience().isBlank() || configuration.issuer().isBlank()) {
      throw new ConfigurationException(where + " has an issuer and an audience");
    }
    var first = url(configuration.jwksUrl() == null ? discovery() : configuration.jwksUrl());
    if (configuration.tokenFile() != null && !first.getProtocol().equals("https")) {
      throw new ConfigurationException(where + ": a token is shown by https only, not to " + first);
    }
    try {
      this.documents = new IssuerDocuments(configuration.caFile(), configuration.tokenFile());
    } catch (ConfigurationException e) {
      throw new ConfigurationException(where + ": " + e.getMessage(), e);
    }
    var all = new ArrayList<WorkloadRule>();
    for (int i = 0; i < configuration.rules().size(); i++) {
      all.add(WorkloadRule.of(where + ".rules[" + i + "]", configuration.rules().get(i)));
    }
    if (all.isEmpty()) {
      throw new ConfigurationException(where + " has no rule");
    }
    this.rules = List.copyOf(all);
  }

  String name() {
    return configuration.name();
  }

  String issuer() {
    return configuration.issuer();
  }

  List<WorkloadRule> rules() {
    return rules;
  }

  /**
   * The claims of a token that keeps all rules of this issuer.
   *
   * @throws BadJOSEException if it breaks one
   * @throws JOSEException if the issuer's keys cannot be had
   */
  JWTClaimsSet check(String token) throws ParseException, BadJOSEException, JOSEException {
    return processor().process(JWTParser.parse(token), null);
  }

  private synchronized DefaultJWTProcessor<SecurityContext> processor() throws JOSEException {
    if (processor == null) {
      var now = clock.instant();
      if (triedAt != null && now.isBefore(triedAt.plus(LEAST_BETWEEN_DISCOVERIES))) {
        throw new JOSEException("The issuer did not answer a moment ago");
      }
      triedAt = now;
      try {
        processor = processor(keys());
      } catch (IOException | ParseException | ConfigurationException e) {
        throw new JOSEException("The issuer's keys are not found: " + e.getMessage(), e);
      }
    }
    return processor;
  }

  private DefaultJWTProcessor<SecurityContext> processor(JWKSource<SecurityContext> keys) {
    var made = new DefaultJWTProcessor<SecurityContext>();
    made.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null));
    made.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    var verifier =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            configuration.audience(),
            new JWTClaimsSet.Builder().issuer(configuration.issuer()).build(),
            Set.of("sub", "exp", "iat")) {
          @Override
          public void verify(JWTClaimsSet set, @Nullable SecurityContext context)
              throws BadJWTException {
            super.verify(set, context);
            verifyLife(set);
          }
        };
    verifier.setMaxClockSkew((int) skew.toSeconds());
    made.setJWTClaimsSetVerifier(verifier);
    return made;
  }

  private void verifyLife(JWTClaimsSet set) throws BadJWTException {
    if (set.getSubject() == null || set.getSubject().isBlank()) {
      throw new BadJWTException("JWT subject is empty");
    }
    var from = set.getIssueTime().toInstant();
    if (from.isAfter(clock.instant().plus(skew))) {
      throw new BadJWTException("JWT is issued in the future");
    }
    if (set.getExpirationTime().toInstant().isAfter(from.plus(configuration.longestLife()))) {
      throw new BadJWTException("JWT lives longer than is taken");
    }
  }

  private JWKSource<SecurityContext> keys() throws IOException, ParseException {
    var url = configuration.jwksUrl() == null ? discovered() : configuration.jwksUrl();
    long ttl = configuration.jwksTtl().toMillis();
    return JWKSourceBuilder.<SecurityContext>create(url(url), documents)
        .cache(ttl, Math.min(REFRESH_TIMEOUT_MILLIS, ttl / 2))
        .refreshAheadCache(false)
        .rateLimited(Math.min(LEAST_MILLIS_BETWEEN_READINGS, ttl / 2))
        .retrying(true)
        .outageTolerant(OUTAGE_MILLIS)
        .build();
  }

  private URI discovery() {
    var issuer = configuration.issuer();
    return URI.create(
        (issuer.endsWith("/") ? issuer : issuer + '/') + ".well-known/openid-configuration");
  }

  /** OpenID Connect Discovery 1.0, section 4.3: the document has to name the same issuer. */
  private URI discovered() throws IOException, ParseException {
    var document = JSONObjectUtils.parse(documents.retrieveResource(url(discovery())).getContent());
    if (!configuration.issuer().equals(document.get("issuer"))) {
      throw new IOException("the document there is another issuer's");
    }
    return Objects.requireNonNull(JSONObjectUtils.getURI(document, "jwks_uri"), "jwks_uri");
  }

  private URL url(URI uri) {
    try {
      var url = uri.toURL();
      boolean plain = url.getProtocol().equals("http") && (!production || isLoopback(uri));
      if (!url.getProtocol().equals("https") && !plain) {
        throw new ConfigurationException(
            "assay.identity.workloads."
                + configuration.name()
                + ": keys come by https, not "
                + uri);
      }
      return url;
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "assay.identity.workloads."
              + configuration.name()
              + ": set jwks-url, since "
              + uri
              + " is no address",
          e);
    }
  }

  private static boolean isLoopback(URI uri) {
    try {
      return InetAddress.getByName(uri.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
