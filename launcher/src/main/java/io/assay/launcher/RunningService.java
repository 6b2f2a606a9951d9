package io.assay.launcher;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service: an application context of its own, and the server on its port. */
record RunningService(Service service, ApplicationContext context, EmbeddedServer server)
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningService.class);

  /**
   * Starts a service with these properties beside its own configuration.
   *
   * @throws CannotStart with the reason of the deepest cause
   */
  static RunningService start(Service service, PropertySource properties) {
    ApplicationContext context = null;
    try {
      context =
          ApplicationContext.builder()
              .propertySources(properties)
              .properties(Map.of("assay.service", service.spelling()))
              .environments(service.spelling())
              .deduceEnvironment(false)
              .banner(false)
              .start();
      var server = context.getBean(EmbeddedServer.class);
      server.start();
      return new RunningService(service, context, server);
    } catch (RuntimeException e) {
      LOG.error("The service {} does not start", service.spelling(), e);
      if (context != null) {
        context.close();
      }
      throw new CannotStart(
          "The service " + service.spelling() + " does not start: " + deepest(e).getMessage(), e);
    }
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.stop();
    context.close();
  }

  private static Throwable deepest(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
