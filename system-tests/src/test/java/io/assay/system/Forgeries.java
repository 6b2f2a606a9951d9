package io.assay.system;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What can be made of a genuine token without the issuer's key. */
final class Forgeries {

  private Forgeries() {}

  /**
   * Forged tokens, by what is wrong with them.
   *
   * @param jwks the keys that the issuer publishes
   */
  static Map<String, String> of(String genuineToken, String jwks)
      throws ParseException, JOSEException {
    var genuine = SignedJWT.parse(genuineToken);
    var claims = genuine.getJWTClaimsSet();
    var header = genuine.getHeader();
    var forged = new LinkedHashMap<String, String>();
    forged.put("alg none", new PlainJWT(claims).serialize());
    forged.put("tampered", tampered(genuineToken));

    var stranger = new RSAKeyGenerator(2048).keyID("stranger").generate();
    var unknown =
        new SignedJWT(
            new JWSHeader.Builder(header.getAlgorithm())
                .type(header.getType())
                .keyID(stranger.getKeyID())
                .build(),
            claims);
    unknown.sign(new RSASSASigner(stranger));
    forged.put("unknown key", unknown.serialize());

    var impostor = new SignedJWT(header, claims);
    impostor.sign(new RSASSASigner(stranger));
    forged.put("unknown key under a known name", impostor.serialize());

    var published = JWKSet.parse(jwks).getKeyByKeyId(header.getKeyID()).toRSAKey();
    var symmetric =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(header.getType())
                .keyID(header.getKeyID())
                .build(),
            claims);
    symmetric.sign(new MACSigner(published.toRSAPublicKey().getEncoded()));
    forged.put("HS256 with the public key", symmetric.serialize());
    return forged;
  }

  private static String tampered(String token) {
    var parts = token.split("\\.");
    var claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("ml-engineer", "admin");
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }
}
