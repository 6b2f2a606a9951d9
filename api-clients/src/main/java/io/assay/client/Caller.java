package io.assay.client;

import io.micronaut.context.ApplicationContext;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.core.propagation.PropagatedContextElement;
import io.micronaut.serde.ObjectMapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Someone who calls, in one workspace. Cheap, immutable, safe for several threads. */
public final class Caller implements PropagatedContextElement {

  private final ApplicationContext context;
  private final Credentials credentials;
  private final String workspace;

  Caller(ApplicationContext context, Credentials credentials, String workspace) {
    this.context = context;
    this.credentials = credentials;
    this.workspace = workspace;
  }

  /** The same caller in another workspace. */
  public Caller in(String workspace) {
    return new Caller(context, credentials, workspace);
  }

  /** A generated interface, every request of which bears this caller's token. */
  public <T> T client(Class<T> api) {
    T bean = context.getBean(api);
    Object proxy =
        Proxy.newProxyInstance(
            api.getClassLoader(),
            new Class<?>[] {api},
            (self, method, arguments) -> {
              try (var scope = PropagatedContext.getOrEmpty().plus(this).propagate()) {
                return method.invoke(bean, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
    return api.cast(proxy);
  }

  /** The bytes of artifacts, streamed. */
  public Artifacts artifacts() {
    String registry =
        context.getRequiredProperty("micronaut.http.services.assay-registry.url", String.class);
    return new Artifacts(this, URI.create(registry), context.getBean(ObjectMapper.class));
  }

  @Nullable String token() {
    return credentials.token();
  }

  String workspace() {
    return workspace;
  }
}
