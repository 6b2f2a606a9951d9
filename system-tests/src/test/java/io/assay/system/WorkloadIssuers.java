package io.assay.system;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * The parts of GitHub Actions, GitLab CI and a Kubernetes cluster that sign tokens of workloads, on
 * a free loopback port, and the configuration by which Assay trusts them.
 */
final class WorkloadIssuers {

  static final String AUDIENCE = "https://assay.example.org";

  private static final WorkloadIssuers SHARED = new WorkloadIssuers();

  private final RSAKey github = rsa("github");
  private final RSAKey gitlab = rsa("gitlab");
  private final ECKey cluster = ec("cluster");
  private final HttpServer server;

  private WorkloadIssuers() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (var key : List.<JWK>of(github, gitlab, cluster)) {
      var issuer = address(key.getKeyID());
      answer(
          "/" + key.getKeyID() + "/.well-known/openid-configuration",
          "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/jwks\"}".formatted(issuer, issuer));
      answer("/" + key.getKeyID() + "/jwks", new JWKSet(key).toPublicJWKSet().toString());
    }
    server.start();
  }

  static WorkloadIssuers shared() {
    return SHARED;
  }

  /** Writes the settings as {@code docs/pipelines.md} has them; the file. */
  Path configuration(Path folder) {
    var yaml =
        """
        assay:
          identity:
            workloads:
              github:
                issuer: %s
                audience: %s
                rules:
                  - claims: {repository: acme/credit-*, ref: refs/heads/main, environment: production}
                    roles: [ml-engineer]
              gitlab:
                issuer: %s
                audience: %s
                rules:
                  - claims: {project_path: acme/credit/scoring, ref: main, ref_protected: "true"}
                    roles: [pipeline]
              cluster:
                issuer: %s
                audience: %s
                rules:
                  - claims: {sub: "system:serviceaccount:training:*"}
                    roles: [pipeline]
                    workspace: default
        """
            .formatted(
                address("github"), AUDIENCE,
                address("gitlab"), AUDIENCE,
                address("cluster"), AUDIENCE);
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve("workloads.yml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JWTClaimsSet.Builder github() {
    return living("github")
        .subject("repo:acme/credit-scoring:environment:production")
        .claim("repository", "acme/credit-scoring")
        .claim("repository_owner", "acme")
        .claim("ref", "refs/heads/main")
        .claim("environment", "production")
        .claim("job_workflow_ref", "acme/credit-scoring/.github/workflows/t.yml@refs/heads/main")
        .claim("actor", "ada");
  }

  JWTClaimsSet.Builder gitlab() {
    return living("gitlab")
        .subject("project_path:acme/credit/scoring:ref_type:branch:ref:main")
        .claim("project_path", "acme/credit/scoring")
        .claim("ref", "main")
        .claim("ref_type", "branch")
        .claim("ref_protected", "true");
  }

  JWTClaimsSet.Builder cluster() {
    return living("cluster")
        .audience(List.of(AUDIENCE))
        .subject("system:serviceaccount:training:trainer")
        .claim(
            "kubernetes.io",
            Map.of("namespace", "training", "serviceaccount", Map.of("name", "trainer")));
  }

  /** An Authorization header with the claims, signed by their own issuer's key. */
  String bearer(JWTClaimsSet.Builder claims) {
    var made = claims.build();
    return made.getIssuer().equals(address("cluster"))
        ? signed(made, cluster)
        : signed(made, made.getIssuer().equals(address("gitlab")) ? gitlab : github);
  }

  /** The same, signed by GitLab's key, whoever is said to have. */
  String bearerByGitlab(JWTClaimsSet.Builder claims) {
    return signed(claims.build(), gitlab);
  }

  private JWTClaimsSet.Builder living(String issuer) {
    var now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(address(issuer))
        .audience(AUDIENCE)
        .issueTime(Date.from(now.minusSeconds(1)))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))));
  }

  private String address(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  private void answer(String path, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static String signed(JWTClaimsSet claims, RSAKey key) {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new RSASSASigner(key));
      return "Bearer " + token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signed(JWTClaimsSet claims, ECKey key) {
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new ECDSASigner(key));
      return "Bearer " + token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey rsa(String name) {
    try {
      return new RSAKeyGenerator(2048).keyID(name).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec(String name) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(name).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
