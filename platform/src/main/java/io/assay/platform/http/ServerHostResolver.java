package io.assay.platform.http;

import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.http.server.util.DefaultHttpHostResolver;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Micronaut's own, except that it finds the server once and not for every request: each token that
 * is valid is announced with the host that it came to.
 */
@Singleton
@Replaces(DefaultHttpHostResolver.class)
class ServerHostResolver extends DefaultHttpHostResolver {

  ServerHostResolver(HttpServerConfiguration configuration, BeanProvider<EmbeddedServer> server) {
    super(configuration, new Once(server));
  }

  /** The server itself depends on its filters, and they on this. */
  private static final class Once implements BeanProvider<EmbeddedServer> {

    private final BeanProvider<EmbeddedServer> provider;
    private volatile @Nullable EmbeddedServer server;

    Once(BeanProvider<EmbeddedServer> provider) {
      this.provider = provider;
    }

    @Override
    public EmbeddedServer get() {
      var known = server;
      if (known == null) {
        known = provider.get();
        server = known;
      }
      return known;
    }
  }
}
