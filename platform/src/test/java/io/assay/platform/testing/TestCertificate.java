package io.assay.platform.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of this machine that vouches for itself, with its key: in PEM files, and as both
 * ends of a connection need it.
 */
public final class TestCertificate {

  private static final char[] PASSWORD = "not-a-secret".toCharArray();
  private static final String ALIAS = "server";

  private final KeyStore store;
  private final Path certificate;
  private final Path key;

  /**
   * @param folder for its files
   */
  public TestCertificate(Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    var own = Files.createTempDirectory(folder, "certificate");
    var file = own.resolve("store.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                ALIAS,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool: " + said);
    }
    store = KeyStore.getInstance(file.toFile(), PASSWORD);
    certificate =
        Files.writeString(
            own.resolve("tls.crt"), pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
    key =
        Files.writeString(
            own.resolve("tls.key"), pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded()));
  }

  /** The certificate, PEM. */
  public Path certificate() {
    return certificate;
  }

  /** Its private key, PEM, PKCS #8. */
  public Path key() {
    return key;
  }

  /** For a server that shows it. */
  public SSLContext showing() throws GeneralSecurityException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** For a client that trusts it and nothing else. */
  public SSLContext trusting() throws GeneralSecurityException, IOException {
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
