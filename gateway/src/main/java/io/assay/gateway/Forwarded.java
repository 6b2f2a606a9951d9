package io.assay.gateway;

import io.assay.platform.upstream.Upstream;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.body.ByteBody.SplitBackpressureMode;
import io.micronaut.http.client.ProxyHttpClient;
import io.micronaut.http.client.ProxyRequestOptions;
import io.micronaut.http.server.netty.NettyHttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * One request on its way to a service, perhaps to one instance after another.
 *
 * <p>Its body is streamed, and claimed only when a connection is there. A copy is kept where it may
 * have to be sent again: of JSON with an {@code Idempotency-Key}.
 */
final class Forwarded {

  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final HttpRequest<?> request;
  private final String service;
  private final ProxyHttpClient client;
  private final boolean console;
  private final boolean streamed;
  private final List<Upstream> tried = new ArrayList<>(2);
  private byte @Nullable [] kept;

  /**
   * @param console whether its cookies and its host are the service's matter
   * @param streamed whether it is about bytes, of which nobody knows how long they take
   */
  Forwarded(
      HttpRequest<?> request,
      String service,
      ProxyHttpClient client,
      boolean console,
      boolean streamed) {
    this.request = request;
    this.service = service;
    this.client = client;
    this.console = console;
    this.streamed = streamed;
  }

  HttpRequest<?> request() {
    return request;
  }

  boolean isStreamed() {
    return streamed;
  }

  String service() {
    return service;
  }

  /** The instances that it was sent to. */
  List<Upstream> tried() {
    return tried;
  }

  /** Whether asking twice does nothing twice: it only reads, or the service knows it by its key. */
  boolean isRepeatable() {
    return isRead() || kept != null;
  }

  /** Whether a copy of its body is worth keeping. */
  boolean isKept() {
    return !console
        && HttpMethod.permitsRequestBody(request.getMethod())
        && request.getHeaders().contains(IDEMPOTENCY_KEY)
        && request.getContentLength() >= 0
        && request
            .getContentType()
            .map(type -> type.getName().equals(MediaType.APPLICATION_JSON))
            .orElse(request.getContentLength() == 0);
  }

  /** Reads the body, which is not larger than its {@code Content-Length}. */
  CompletableFuture<Forwarded> keep() {
    return ((ServerHttpRequest<?>) request)
        .byteBody()
        .split(SplitBackpressureMode.FASTEST)
        .buffer()
        .thenApply(
            body -> {
              try (body) {
                kept = body.toByteArray();
              }
              return this;
            });
  }

  Publisher<MutableHttpResponse<?>> to(Upstream upstream) {
    boolean first = tried.isEmpty();
    tried.add(upstream);
    var address = upstream.at(target());
    MutableHttpRequest<?> outgoing;
    if (first || !isRepeatable()) {
      outgoing = request.mutate().uri(address);
    } else { // its body may be claimed
      outgoing = HttpRequest.create(request.getMethod(), address.toString());
      outgoing.uri(address);
      request.getHeaders().forEachValue(outgoing.getHeaders()::add);
      if (kept != null && kept.length > 0) {
        outgoing.body(kept);
      }
    }
    ForwardedHeaders.clean(request, outgoing.getHeaders(), console);
    return client.proxy(outgoing, ProxyRequestOptions.builder().retainHostHeader(console).build());
  }

  private boolean isRead() {
    return request.getMethod() == HttpMethod.GET || request.getMethod() == HttpMethod.HEAD;
  }

  /** The target as it came: whatever re-encodes it could change what was checked. */
  private String target() {
    return request instanceof NettyHttpRequest<?> netty
        ? netty.getNativeRequest().uri()
        : request.getUri().toString();
  }
}
