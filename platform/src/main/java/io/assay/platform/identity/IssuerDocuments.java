package io.assay.platform.identity;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.micronaut.context.exceptions.ConfigurationException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an issuer publishes: how it describes itself, and its keys.
 *
 * <p>Where it is certified by an authority of its own, that authority is trusted here and no other.
 * Where it wants to know who asks, as a Kubernetes cluster does, it is shown a token, which is read
 * anew each time, over TLS only; no redirection is followed then.
 */
final class IssuerDocuments extends DefaultResourceRetriever {

  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 5_000;
  private static final int DOCUMENT_BYTES = 256 * 1024;

  private final @Nullable Path tokenFile;

  /**
   * @param authorities a file of the certificates that are trusted, PEM; those of the virtual
   *     machine where there is none
   * @param tokenFile what is shown as a bearer token, where anything is
   * @throws ConfigurationException if a file cannot be used
   */
  IssuerDocuments(@Nullable Path authorities, @Nullable Path tokenFile) {
    super(
        CONNECT_MILLIS,
        READ_MILLIS,
        DOCUMENT_BYTES,
        true,
        authorities == null ? null : trusting(authorities));
    if (tokenFile != null && !Files.isReadable(tokenFile)) {
      throw new ConfigurationException(tokenFile + " cannot be read");
    }
    this.tokenFile = tokenFile;
  }

  @Override
  protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
    var connection = super.openHTTPConnection(url);
    if (tokenFile != null) {
      if (!url.getProtocol().equals("https")) {
        throw new IOException("a token is shown over TLS only, not to " + url);
      }
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty(
          "Authorization", "Bearer " + Files.readString(tokenFile).strip());
    }
    return connection;
  }

  private static SSLSocketFactory trusting(Path authorities) {
    try (var file = Files.newInputStream(authorities)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      if (certificates.isEmpty()) {
        throw new ConfigurationException(authorities + " holds no PEM certificate");
      }
      var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      for (var certificate : certificates) {
        anchors.setCertificateEntry(Integer.toString(anchors.size()), certificate);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigurationException(authorities + " holds no PEM certificate", e);
    }
  }
}
