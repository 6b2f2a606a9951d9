package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tokens that must not be taken, by the gateway and by a service called past it. */
class TokensIT {

  private static final String PATH = "/api/v1/datasets?limit=1";

  @TestFactory
  Stream<DynamicTest> aTokenThatIsNotGenuineIsRefusedEverywhere() throws Exception {
    var refused = new LinkedHashMap<String, String>();
    var genuine = SignedJWT.parse(Assays.token("ml-engineer-1"));
    var claims = genuine.getJWTClaimsSet();
    refused.put("none", "");
    refused.put("no token at all", "Bearer");
    refused.put("garbage", "Bearer x.y.z");
    refused.put("alg none", "Bearer " + new PlainJWT(claims).serialize());
    refused.put("tampered", "Bearer " + tampered(genuine));
    refused.put("unknown key", "Bearer " + signedByAStranger(genuine, claims));
    refused.put("HS256 with the public key", "Bearer " + signedWithThePublicKey(genuine, claims));
    refused.put("basic", "Basic bWwtZW5naW5lZXItMTp4");
    return Stream.of("gateway", "registry")
        .flatMap(
            service ->
                refused.entrySet().stream()
                    .map(
                        token ->
                            DynamicTest.dynamicTest(
                                token.getKey() + ", " + service,
                                () -> assertThat(status(service, token)).isEqualTo(401))));
  }

  @Test
  void aGenuineTokenIsTakenByTheGatewayAndByTheServiceItself() {
    var token = Map.entry("genuine", "Bearer " + Assays.token("ml-engineer-1"));
    assertThat(status("gateway", token)).isEqualTo(200);
    assertThat(status("registry", token)).isEqualTo(200);
  }

  @Test
  void headersThatClaimAnIdentityAreNoIdentity() {
    var request =
        java.net.http.HttpRequest.newBuilder(URI.create(Assays.shared().url() + PATH))
            .header("X-Forwarded-User", "admin-1")
            .header("X-Assay-Actor", "admin-1")
            .header("Assay-Actor", "admin-1")
            .build();
    assertThat(Http.send(request).statusCode()).isEqualTo(401);
  }

  private static int status(String service, Map.Entry<String, String> token) {
    return Http.sendTo(
            Assays.shared().service(service),
            token.getValue().isEmpty() ? null : token.getValue(),
            "GET",
            PATH,
            null)
        .statusCode();
  }

  private static String tampered(SignedJWT genuine) {
    var parts = genuine.serialize().split("\\.");
    var claims =
        new String(
                java.util.Base64.getUrlDecoder().decode(parts[1]),
                java.nio.charset.StandardCharsets.UTF_8)
            .replace("ml-engineer", "admin");
    return parts[0]
        + "."
        + java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  private static String signedByAStranger(SignedJWT genuine, JWTClaimsSet claims) throws Exception {
    var stranger = new RSAKeyGenerator(2048).keyID(genuine.getHeader().getKeyID()).generate();
    var token = new SignedJWT(genuine.getHeader(), claims);
    token.sign(new RSASSASigner(stranger));
    return token.serialize();
  }

  private static String signedWithThePublicKey(SignedJWT genuine, JWTClaimsSet claims)
      throws Exception {
    var jwks =
        JWKSet.parse(Http.sendTo(Assays.shared().issuer(), null, "GET", "/jwks", null).body());
    var key = jwks.getKeyByKeyId(genuine.getHeader().getKeyID()).toRSAKey();
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(genuine.getHeader().getType())
                .keyID(genuine.getHeader().getKeyID())
                .build(),
            claims);
    token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    return token.serialize();
  }
}
