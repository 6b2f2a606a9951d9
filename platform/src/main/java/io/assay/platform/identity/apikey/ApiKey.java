package io.assay.platform.identity.apikey;

import io.assay.contracts.ApiKeyId;
import io.assay.contracts.Sha256;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A key as its bearer holds it: {@code assay_<workspace>_<id>_<secret><check>}.
 *
 * <p>The id is a UUID in 22, the secret 256 random bits in 43, the CRC-32 of all before it in 6
 * characters of base 62: scanners of source code find a key that leaked, and one that was mistyped
 * is refused without being looked for. The workspace stands in it because ids are found within
 * theirs, and because not every client can send a header.
 *
 * <p>Only SHA-256 of the secret is kept anywhere. A slow hash is for what people can remember:
 * there are 2^256 secrets, so trying them is hopeless however fast each try is, and every request
 * would pay for it.
 *
 * <p>{@link #toString} leaves the secret out.
 */
public final class ApiKey {

  /** Whose subjects keys are, in the directory of actors. */
  public static final String ISSUER = "urn:assay:api-key";

  /** How every key begins. */
  public static final String PREFIX = "assay_";

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID = 22;
  private static final int SECRET = 43;
  private static final int CHECK = 6;
  private static final int SECRET_BYTES = 32;
  private static final int ID_BITS = 128;
  private static final Pattern FORM =
      Pattern.compile(
          PREFIX
              + "(?<workspace>[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?)_(?<id>[0-9A-Za-z]{"
              + ID
              + "})_(?<secret>[0-9A-Za-z]{"
              + SECRET
              + "})(?<check>[0-9A-Za-z]{"
              + CHECK
              + "})");

  private final String workspace;
  private final ApiKeyId id;
  private final String secret;

  private ApiKey(String workspace, ApiKeyId id, String secret) {
    this.workspace = workspace;
    this.id = id;
    this.secret = secret;
  }

  /** A key with a fresh secret. */
  public static ApiKey mint(String workspace, ApiKeyId id, SecureRandom random) {
    var bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return new ApiKey(workspace, id, spelled(new BigInteger(1, bytes), SECRET));
  }

  /** Whether somebody who sends this means a key, be it a good one or not. */
  public static boolean isMeant(String credential) {
    return credential.startsWith(PREFIX);
  }

  /** The key that is spelled so; empty where it has another form or a character is wrong. */
  public static Optional<ApiKey> parse(String spelled) {
    var form = FORM.matcher(spelled);
    if (!form.matches()) {
      return Optional.empty();
    }
    int checked = spelled.length() - CHECK;
    var id = number(form.group("id"));
    return form.group("check").equals(check(spelled.substring(0, checked)))
            && id.bitLength() <= ID_BITS
        ? Optional.of(
            new ApiKey(form.group("workspace"), new ApiKeyId(uuid(id)), form.group("secret")))
        : Optional.empty();
  }

  public String workspace() {
    return workspace;
  }

  public ApiKeyId id() {
    return id;
  }

  /** The whole key, to be shown to its issuer once. */
  public String spelled() {
    var unchecked = PREFIX + workspace + '_' + spelled(number(id.value()), ID) + '_' + secret;
    return unchecked + check(unchecked);
  }

  /** What is kept of the secret. */
  public Sha256 digest() {
    return Sha256.of(secret.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether the digest is that of the secret; takes as long whatever the answer. */
  public boolean matches(Sha256 kept) {
    return MessageDigest.isEqual(digest().bytes(), kept.bytes());
  }

  @Override
  public String toString() {
    return id.tag().toString();
  }

  private static String check(String unchecked) {
    var crc = new CRC32();
    crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
    return spelled(BigInteger.valueOf(crc.getValue()), CHECK);
  }

  private static String spelled(BigInteger number, int length) {
    var digits = new char[length];
    Arrays.fill(digits, DIGITS.charAt(0));
    var base = BigInteger.valueOf(DIGITS.length());
    for (int i = length - 1; number.signum() > 0; i--) {
      var parts = number.divideAndRemainder(base);
      digits[i] = DIGITS.charAt(parts[1].intValue());
      number = parts[0];
    }
    return new String(digits);
  }

  private static BigInteger number(String spelled) {
    var base = BigInteger.valueOf(DIGITS.length());
    var number = BigInteger.ZERO;
    for (char digit : spelled.toCharArray()) {
      number = number.multiply(base).add(BigInteger.valueOf(DIGITS.indexOf(digit)));
    }
    return number;
  }

  private static BigInteger number(UUID uuid) {
    var bytes = ByteBuffer.allocate(ID_BITS / Byte.SIZE);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    return new BigInteger(1, bytes.array());
  }

  private static UUID uuid(BigInteger number) {
    return new UUID(number.shiftRight(Long.SIZE).longValue(), number.longValue());
  }
}
