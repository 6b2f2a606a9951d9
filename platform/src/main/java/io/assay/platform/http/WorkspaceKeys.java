package io.assay.platform.http;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA256 under a key of each workspace, so that tags of names tell nobody the names.
 *
 * <p>The keys are derived from one master secret: HKDF (RFC 5869) with the info {@code
 * assay/v1/workspace/<name>}. The secret is {@code assay.secret} (environment {@code ASSAY_SECRET})
 * or the content of the file {@code assay.secret-file}; it has at least 32 bytes, and a log can be
 * used only with the one that it began with.
 */
@Singleton
public class WorkspaceKeys {

  private static final int LEAST_BYTES = 32;

  private final byte[] extracted;

  /** Each begun with its workspace's key; copied for each message. */
  private final ConcurrentHashMap<String, Mac> begun = new ConcurrentHashMap<>();

  @Inject
  WorkspaceKeys(
      @Value("${assay.secret:}") @Nullable String secret,
      @Value("${assay.secret-file:}") @Nullable String secretFile) {
    this(secret == null || secret.isEmpty() ? read(secretFile) : secret);
  }

  /** Keys under this master secret. */
  public WorkspaceKeys(String secret) {
    var bytes = secret.strip().getBytes(StandardCharsets.UTF_8);
    if (bytes.length < LEAST_BYTES) {
      throw new IllegalStateException(
          "assay.secret or assay.secret-file holds the master secret, at least "
              + LEAST_BYTES
              + " bytes");
    }
    this.extracted = begin("assay".getBytes(StandardCharsets.UTF_8)).doFinal(bytes);
  }

  /**
   * The HMAC of the parts, in lower-case hex. Parts are length-prefixed, so that no two lists of
   * parts collide.
   */
  public String hmac(String workspace, String... parts) {
    var bytes = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = parts[i].getBytes(StandardCharsets.UTF_8);
    }
    return hmac(workspace, bytes);
  }

  /** The same over parts that are bytes. */
  public String hmac(String workspace, byte[]... parts) {
    int length = 0;
    for (var part : parts) {
      length += 4 + part.length;
    }
    var joined = ByteBuffer.allocate(length);
    for (var part : parts) {
      joined.putInt(part.length).put(part);
    }
    return HexFormat.of().formatHex(mac(workspace).doFinal(joined.array()));
  }

  private Mac mac(String workspace) {
    try {
      return (Mac) begun.computeIfAbsent(workspace, name -> begin(key(name))).clone();
    } catch (CloneNotSupportedException e) {
      return begin(key(workspace)); // that of some providers cannot be copied
    }
  }

  private byte[] key(String workspace) {
    var info = ("assay/v1/workspace/" + workspace).getBytes(StandardCharsets.UTF_8);
    var block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    return begin(extracted).doFinal(block);
  }

  private static Mac begin(byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }

  private static String read(@Nullable String file) {
    if (file == null || file.isEmpty()) {
      return "";
    }
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The master secret cannot be read from " + file, e);
    }
  }
}
