package io.assay.client;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.HttpResponse;
import java.net.URI;
import java.util.Map;

/**
 * The way to the services for a program that is no Micronaut application. One for each address: it
 * holds connections and threads until it is closed.
 */
public final class Assay implements AutoCloseable {

  private final ApplicationContext context;

  private Assay(ApplicationContext context) {
    this.context = context;
  }

  /** All services behind one address, which is what the gateway is. */
  public static Assay at(URI gateway) {
    return at(gateway, gateway, gateway);
  }

  /** Each service at its own address. */
  public static Assay at(URI registry, URI policy, URI lineage) {
    return new Assay(
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .bootstrapEnvironment(false)
            .banner(false)
            .properties(
                Map.of(
                    "micronaut.application.name", "assay-client",
                    "micronaut.http.services.assay-registry.url", registry.toString(),
                    "micronaut.http.services.assay-policy.url", policy.toString(),
                    "micronaut.http.services.assay-lineage.url", lineage.toString(),
                    // A verification may be waited for.
                    "micronaut.http.services.assay-lineage.read-timeout", "45s"))
            .start());
  }

  /** Someone who calls, in the workspace {@code default}. */
  public Caller as(Credentials credentials) {
    return new Caller(context, credentials, "default");
  }

  /** The position that a write answered, to be given back as {@code Assay-Min-Position}. */
  public static long position(HttpResponse<?> response) {
    return response.getHeaders().get("Assay-Position", Long.class).orElseThrow();
  }

  @Override
  public void close() {
    context.close();
  }
}
