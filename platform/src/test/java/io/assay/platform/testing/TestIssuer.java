package io.assay.platform.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An issuer whose tokens can be wrong in every way, on a free loopback port. */
public final class TestIssuer implements AutoCloseable {

  public static final String ISSUER = "urn:assay:test";

  private final HttpServer server;
  private volatile List<JWK> published;
  private volatile RSAKey key;

  public TestIssuer() {
    try {
      key = newKey();
      published = List.of(key);
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/jwks",
          exchange -> {
            var body =
                new JWKSet(published).toPublicJWKSet().toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What makes a service trust this issuer. */
  public Map<String, Object> properties() {
    return Map.of(
        "assay.identity.issuer",
        ISSUER,
        "assay.identity.jwks-url",
        "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
  }

  /** The key that signs. */
  public RSAKey key() {
    return key;
  }

  /** Signs with another key from now on, and publishes it beside or instead of the old one. */
  public void rotate(boolean keepOld) {
    var next = newKey();
    published = keepOld ? List.of(next, key) : List.of(next);
    key = next;
  }

  /** A valid token. */
  public String token(String user, String... roles) {
    return sign(claims(user, roles).build());
  }

  /** The claims of a valid token, to be spoilt. */
  public JWTClaimsSet.Builder claims(String user, String... roles) {
    var now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .subject(user)
        .audience("assay")
        .jwtID(UUID.randomUUID().toString())
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)))
        .claim("typ", "Bearer")
        .claim("azp", "test-client")
        .claim("preferred_username", user)
        .claim("groups", List.of("/workspaces/*"))
        .claim("realm_access", Map.of("roles", List.of(roles)));
  }

  /** The header of a valid token, to be spoilt. */
  public JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).keyID(key.getKeyID());
  }

  public String sign(JWTClaimsSet claims) {
    return sign(header().build(), claims, key);
  }

  public static String sign(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** A key of nobody. */
  public static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
