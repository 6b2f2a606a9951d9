package io.assay.platform.identity.dev;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
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
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

  /** A token of a user or of a service client. */
  String token(String subject, String role, String client) {
    var key = keys.current();
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(
                UUID.nameUUIDFromBytes(("assay/" + subject).getBytes(StandardCharsets.UTF_8))
                    .toString())
            .audience(AUDIENCE)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFE)))
            .claim("typ", "Bearer")
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
