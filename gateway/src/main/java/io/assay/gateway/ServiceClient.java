package io.assay.gateway;

import io.micronaut.http.client.HttpClientConfiguration;
import io.micronaut.runtime.ApplicationConfiguration;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How the gateway talks to services about JSON. */
@Singleton
class ServiceClient extends HttpClientConfiguration {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final ConnectionPoolConfiguration pool = new ConnectionPoolConfiguration();

  ServiceClient(ApplicationConfiguration application, GatewayConfiguration gateway) {
    super(application);
    setReadTimeout(gateway.timeout());
    setConnectTimeout(CONNECT);
    setFollowRedirects(false);
    pool.setMaxPendingAcquires(10_000);
  }

  @Override
  public ConnectionPoolConfiguration getConnectionPoolConfiguration() {
    return pool;
  }
}
