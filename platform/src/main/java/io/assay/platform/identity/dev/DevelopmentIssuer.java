package io.assay.platform.identity.dev;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs access tokens with the claims of Keycloak for the development users and for Assay's own
 * services.
 *
 * <p>Refuses to start under the production profile and on an address other than loopback.
 */
@Context
class DevelopmentIssuer {

  /** What other local users cannot read, and so cannot ask for tokens with. */
  static final String SECRET_FILE = "client-secret";

  static final Duration LIFE = Duration.ofMinutes(10);

  private static final String AUDIENCE = "assay";
  private static final List<String> GROUPS = List.of("/workspaces/*");

  private final String issuer;
  private final SigningKeys keys;
  private final byte[] secret;
  private final Clock clock;
  private final Set<String> disabled = ConcurrentHashMap.newKeySet();

  DevelopmentIssuer(
      @Value("${assay.identity.issuer}") String issuer,
      @Value("${assay.dev-issuer.folder}") Path folder,
      @Value("${assay.profile}") String profile,
      @Value("${micronaut.server.host}") String host,
      Clock clock) {
    if (profile.equals("production")) {
      throw new ConfigurationException(
          "The development issuer does not start under the production profile");
    }
    if (!loopback(host)) {
      throw new ConfigurationException("The development issuer binds loopback only, not " + host);
    }
    this.issuer = issuer;
    this.clock = clock;
    var files = new IssuerFolder(folder);
    this.keys = new SigningKeys(files);
    if (files.read(SECRET_FILE).isEmpty()) {
      var random = new byte[32];
      new SecureRandom().nextBytes(random);
      files.write(SECRET_FILE, HexFormat.of().formatHex(random));
    }
    this.secret = files.read(SECRET_FILE).orElseThrow().strip().getBytes(StandardCharsets.UTF_8);
  }

  String issuer() {
    return issuer;
  }

  SigningKeys keys() {
    return keys;
  }

  boolean knowsSecret(String offered) {
    return MessageDigest.isEqual(secret, offered.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets a user have no more tokens, and stands by none that he has; or takes that back. */
  void disable(String user, boolean yes) {
    if (yes) {
      disabled.add(subjectOf(user));
    } else {
      disabled.remove(subjectOf(user));
    }
  }

  boolean isDisabled(String user) {
    return disabled.contains(subjectOf(user));
  }

  /**
   * What RFC 7662 answers: the claims of a token that this issuer stands by, or that it does not.
   */
  Map<String, Object> introspect(String token) {
    try {
      var signed = SignedJWT.parse(token);
      var claims = signed.getJWTClaimsSet();
      var key = keys.published().getKeyByKeyId(signed.getHeader().getKeyID());
      if (key == null
          || !signed.verify(new RSASSAVerifier(key.toRSAKey()))
          || !clock.instant().isBefore(claims.getExpirationTime().toInstant())
          || disabled.contains(claims.getSubject())) {
        return Map.of("active", false);
      }
      var answer = new LinkedHashMap<String, Object>(claims.toJSONObject());
      answer.put("active", true);
      return answer;
    } catch (ParseException | JOSEException e) {
      return Map.of("active", false);
    }
  }

  private static String subjectOf(String name) {
    return UUID.nameUUIDFromBytes(("assay/" + name).getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * A token of a user or of a service client.
   *
   * @param level of authentication, as {@code acr} says it
   */
  String token(String subject, String role, String client, String level) {
    var key = keys.current();
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(subjectOf(subject))
            .audience(AUDIENCE)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFE)))
            .claim("typ", "Bearer")
            .claim("acr", level)
            .claim("auth_time", now.getEpochSecond())
            .claim("azp", client)
            .claim("preferred_username", subject)
            .claim("realm_access", Map.of("roles", List.of(role)))
            .claim("groups", GROUPS)
            .claim("scope", "openid")
            .build();
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256)
                  .type(JOSEObjectType.JWT)
                  .keyID(key.getKeyID())
                  .build(),
              claims);
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("A token cannot be signed", e);
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
