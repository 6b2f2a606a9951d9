package io.assay.gateway;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.http.server.netty.ssl.ServerSslBuilder;
import io.micronaut.http.ssl.ServerSslConfiguration;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import jakarta.inject.Singleton;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** TLS 1.2 and 1.3 with the certificate of {@link TlsConfiguration}, on the port of the gateway. */
@Singleton
@Requires(beans = TlsConfiguration.class)
class Tls implements ServerSslBuilder {

  private final ServerSslConfiguration server = new ServerSslConfiguration();
  private final SslContext context;

  /**
   * @throws ConfigurationException where a file is missing or is not what it should be
   */
  Tls(TlsConfiguration files, HttpServerConfiguration http) {
    this.context = context(files);
    server.setEnabled(true);
    http.getPort().ifPresent(server::setPort);
  }

  @Override
  public ServerSslConfiguration getSslConfiguration() {
    return server;
  }

  @Override
  public Optional<SslContext> build() {
    return Optional.of(context);
  }

  private static SslContext context(TlsConfiguration files) {
    if (files.keyFile() == null) {
      throw new ConfigurationException("assay.tls.key-file is missing beside the certificate");
    }
    try {
      return SslContextBuilder.forServer(files.certificateFile().toFile(), files.keyFile().toFile())
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "assay.tls: "
              + files.certificateFile()
              + " and "
              + files.keyFile()
              + " are no PEM certificate and PKCS #8 key: "
              + e.getMessage(),
          e);
    }
  }
}
