package io.assay.gateway;

import io.micronaut.http.client.HttpClientConfiguration;
import io.micronaut.runtime.ApplicationConfiguration;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * How the gateway streams artifacts: a read time-out runs during an upload too, so this one is
 * long.
 */
@Singleton
class ArtifactClient extends HttpClientConfiguration {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final ConnectionPoolConfiguration pool = new ConnectionPoolConfiguration();

  ArtifactClient(ApplicationConfiguration application, GatewayConfiguration gateway) {
    super(application);
    setReadTimeout(gateway.artifactTimeout());
    setReadIdleTimeout(gateway.artifactTimeout());
    setConnectTimeout(CONNECT);
    setFollowRedirects(false);
  }

  @Override
  public ConnectionPoolConfiguration getConnectionPoolConfiguration() {
    return pool;
  }
}
