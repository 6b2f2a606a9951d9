package io.assay.launcher;

import io.assay.platform.health.Drain;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service: an application context of its own, and the server on its port. */
record RunningService(Service service, ApplicationContext context, EmbeddedServer server)
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningService.class);

  /**
   * Starts a service with these properties beside its own configuration.
   *
   * @throws CannotStart with the reason, in one line
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
          "The service " + service.spelling() + " does not start: " + StartFailure.line(e), e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** Says that it is not ready any more, so that nobody sends more requests. */
  void announceEnd() {
    context.findBean(Drain.class).ifPresent(Drain::begin);
  }

  /** Takes no more connections, and waits for the requests in flight, but not for ever. */
  void finishRequests(Duration patience) {
    if (server instanceof GracefulShutdownCapable graceful) {
      try {
        graceful
            .shutdownGracefully()
            .toCompletableFuture()
            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("Requests of {} are broken off: {}", service.spelling(), e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Its configuration, or this. */
  Duration setting(String name, Duration otherwise) {
    return context.getProperty(name, Duration.class).orElse(otherwise);
  }

  @Override
  public void close() {
    server.stop();
    context.close();
  }
}
