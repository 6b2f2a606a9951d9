package io.assay.platform.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an access token has to be; the one validator for every issuer.
 *
 * <p>Accepts a JWT that is signed with RS256, PS256 or ES256 by a key that the issuer publishes,
 * whose header says {@code typ} {@code at+jwt}, or {@code JWT} where its claim {@code typ} says
 * {@code Bearer} (which tells an access token from an ID token), with our issuer and audience, a
 * subject, and a life that has begun and not ended.
 *
 * <p>Refuses everything else: no signature, a symmetric one, another key, a missing claim. Sources:
 * RFC 8725 (best practices), RFC 9068 (access tokens).
 */
final class AccessTokenRules {

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);
  private static final String BEARER = "Bearer";

  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final DefaultJWTProcessor<SecurityContext> byClaim;
  private final DefaultJWTProcessor<SecurityContext> byHeader;
  private final long clockSkewMillis;

  AccessTokenRules(
      JWKSource<SecurityContext> keys, String issuer, String audience, int clockSkewSeconds) {
    byClaim = processor(JOSEObjectType.JWT, keys, issuer, audience, clockSkewSeconds);
    clockSkewMillis = TimeUnit.SECONDS.toMillis(clockSkewSeconds);
    byHeader = processor(ACCESS_TOKEN, keys, issuer, audience, clockSkewSeconds);
  }

  private static DefaultJWTProcessor<SecurityContext> processor(
      JOSEObjectType type,
      JWKSource<SecurityContext> keys,
      String issuer,
      String audience,
      int clockSkewSeconds) {
    boolean said = type.equals(ACCESS_TOKEN);
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(type));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    var claims =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            said ? Set.of("sub", "exp", "iat") : Set.of("sub", "exp", "iat", "typ")) {
          @Override
          public void verify(JWTClaimsSet set, @Nullable SecurityContext context)
              throws BadJWTException {
            super.verify(set, context);
            if (set.getClaim("typ") != null && !BEARER.equals(set.getClaim("typ"))) {
              throw new BadJWTException("JWT is of another type");
            }
            if (set.getSubject() == null || set.getSubject().isBlank()) {
              throw new BadJWTException("JWT subject is empty");
            }
          }
        };
    claims.setMaxClockSkew(clockSkewSeconds);
    processor.setJWTClaimsSetVerifier(claims);
    return processor;
  }

  /**
   * The claims of a token that keeps all rules.
   *
   * @throws BadJOSEException if it breaks one
   * @throws JOSEException if the issuer's keys cannot be had
   */
  JWTClaimsSet check(String token) throws ParseException, BadJOSEException, JOSEException {
    var jwt = JWTParser.parse(token);
    return (ACCESS_TOKEN.equals(jwt.getHeader().getType()) ? byHeader : byClaim).process(jwt, null);
  }

  /** Whether the life of a token that was checked before has not ended. */
  boolean isCurrent(JWTClaimsSet checked) {
    return System.currentTimeMillis() < checked.getExpirationTime().getTime() + clockSkewMillis;
  }
}
