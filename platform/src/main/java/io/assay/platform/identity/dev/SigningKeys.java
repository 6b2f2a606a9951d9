package io.assay.platform.identity.dev;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The signing key and the one before it. A rotation brings a new key at once; the key before stays
 * published until the next rotation, so that tokens on the way are still accepted.
 */
final class SigningKeys {

  private static final String FILE = "keys.json";
  private static final int BITS = 2048;
  private static final int PUBLISHED = 2;

  private final IssuerFolder folder;
  private List<RSAKey> keys;

  SigningKeys(IssuerFolder folder) {
    this.folder = folder;
    this.keys = folder.read(FILE).map(SigningKeys::parse).orElse(List.of());
    if (keys.isEmpty()) {
      rotate();
    }
  }

  synchronized RSAKey current() {
    return keys.getFirst();
  }

  /** What is published: public parts only. */
  synchronized JWKSet published() {
    return new JWKSet(List.<JWK>copyOf(keys)).toPublicJWKSet();
  }

  synchronized void rotate() {
    var next = new ArrayList<RSAKey>();
    next.add(generate());
    next.addAll(keys.subList(0, Math.min(keys.size(), PUBLISHED - 1)));
    folder.write(FILE, new JWKSet(List.<JWK>copyOf(next)).toString(false));
    keys = List.copyOf(next);
  }

  private static RSAKey generate() {
    try {
      return new RSAKeyGenerator(BITS)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.RS256)
          .keyID(UUID.randomUUID().toString())
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("No key can be generated", e);
    }
  }

  private static List<RSAKey> parse(String json) {
    try {
      return JWKSet.parse(json).getKeys().stream().map(JWK::toRSAKey).toList();
    } catch (ParseException e) {
      throw new IllegalStateException("The keys in the data folder cannot be read", e);
    }
  }
}
