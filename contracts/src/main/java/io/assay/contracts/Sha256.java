package io.assay.contracts;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest, on the wire 64 lower-case hexadecimal characters.
 *
 * <p>Refuses any other spelling.
 */
public record Sha256(String hex) implements Comparable<Sha256> {

  private static final boolean[] LOWER_HEX = lowerHex();

  /** Copied, which takes less than to look for a provider each time. */
  private static final MessageDigest FRESH = provided();

  public Sha256 {
    if (hex.length() != 64 || !isLowerHex(hex)) {
      throw new IllegalArgumentException(
          "A SHA-256 digest is 64 lower-case hexadecimal characters");
    }
  }

  /** The digest of all the parts, one after the other. */
  public static Sha256 of(byte[]... parts) {
    var digest = newDigest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return of(digest);
  }

  /** Ends the given computation; the digest can be used anew afterwards. */
  public static Sha256 of(MessageDigest digest) {
    return new Sha256(HexFormat.of().formatHex(digest.digest()));
  }

  /** A fresh computation. */
  public static MessageDigest newDigest() {
    return copy(FRESH);
  }

  /** The same computation anew; that of some providers cannot be copied. */
  static MessageDigest copy(MessageDigest fresh) {
    try {
      return (MessageDigest) fresh.clone();
    } catch (CloneNotSupportedException e) {
      return provided();
    }
  }

  private static MessageDigest provided() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public int compareTo(Sha256 other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }

  /** Without a branch for each character: which it takes cannot be foretold. */
  private static boolean isLowerHex(String text) {
    boolean hex = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      hex &= c < LOWER_HEX.length && LOWER_HEX[c];
    }
    return hex;
  }

  private static boolean[] lowerHex() {
    var hex = new boolean[128];
    "0123456789abcdef".chars().forEach(c -> hex[c] = true);
    return hex;
  }
}
