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
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an access token has to be; the one validator for every issuer.
 *
 * <p>Accepts a JWT that is signed with RS256, PS256 or ES256 by a key that the issuer publishes,
 * whose header says {@code typ} {@code JWT} or {@code at+jwt}, whose claim {@code typ} says {@code
 * Bearer} (which tells an access token from an ID token), with our issuer and audience, a subject,
 * and a life that has begun and not ended.
 *
 * <p>Refuses everything else: no signature, a symmetric one, another key, a missing claim. Sources:
 * RFC 8725 (best practices), RFC 9068 (access tokens).
 */
final class AccessTokenRules {

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);
  private static final String BEARER = "Bearer";

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  AccessTokenRules(
      JWKSource<SecurityContext> keys, String issuer, String audience, int clockSkewSeconds) {
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt")));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    var claims =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer).claim("typ", BEARER).build(),
            Set.of("sub", "exp", "iat")) {
          @Override
          public void verify(JWTClaimsSet set, @Nullable SecurityContext context)
              throws BadJWTException {
            super.verify(set, context);
            if (set.getSubject() == null || set.getSubject().isBlank()) {
              throw new BadJWTException("JWT subject is empty");
            }
          }
        };
    claims.setMaxClockSkew(clockSkewSeconds);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /**
   * The claims of a token that keeps all rules.
   *
   * @throws BadJOSEException if it breaks one
   * @throws JOSEException if the issuer's keys cannot be had
   */
  JWTClaimsSet check(String token) throws ParseException, BadJOSEException, JOSEException {
    return processor.process(token, null);
  }
}
