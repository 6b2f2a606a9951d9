package io.assay.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.ProblemResponses;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.type.Argument;
import io.micronaut.core.util.StringUtils;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.body.ByteBody.SplitBackpressureMode;
import io.micronaut.http.filter.HttpServerFilter;
import io.micronaut.http.filter.ServerFilterChain;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.web.router.MethodBasedRouteMatch;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reads the body of a route that takes JSON before the route does: at most 1 MiB ({@code
 * micronaut.server.max-request-buffer-size}), strictly, and once for its fingerprint. Bodies of
 * other routes pass untouched.
 */
@Filter(Filter.MATCH_ALL_PATTERN)
@Requires(property = "assay.strict-json", notEquals = StringUtils.FALSE)
class BodyFilter implements HttpServerFilter {

  /** Up to so many bytes are read where they arrive: that takes less than another thread. */
  private static final int SMALL = 16 * 1024;

  private final Optional<Idempotency> idempotency;
  private final Scheduler scheduler;

  BodyFilter(
      Optional<Idempotency> idempotency, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.idempotency = idempotency;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  @Override
  public int getOrder() {
    return ServerFilterPhase.SECURITY.after() + 1;
  }

  @Override
  public Publisher<MutableHttpResponse<?>> doFilter(
      HttpRequest<?> request, ServerFilterChain chain) {
    if (!HttpMethod.permitsRequestBody(request.getMethod())
        && request.getMethod() != HttpMethod.DELETE) {
      return chain.proceed(request);
    }
    if (!hasBody(request) || !takesJson(request)) {
      return idempotency.isEmpty() || !takesJson(request)
          ? chain.proceed(request)
          : idempotency.get().once(request, Optional.empty(), chain);
    }
    var arriving =
        Mono.fromFuture(
            () ->
                ((ServerHttpRequest<?>) request)
                    .byteBody()
                    .split(SplitBackpressureMode.FASTEST)
                    .buffer()
                    .thenApply(
                        body -> {
                          try (body) {
                            return body.toByteArray();
                          }
                        }));
    return arriving
        .flatMap(
            body -> body.length > SMALL ? Mono.just(body).publishOn(scheduler) : Mono.just(body))
        .map(StrictJson::read)
        .doOnNext(json -> checkTypes(request, json))
        .flatMap(
            json ->
                idempotency.isEmpty()
                    ? Mono.from(chain.proceed(request))
                    : Mono.from(idempotency.get().once(request, Optional.of(json), chain)))
        .onErrorResume(
            ProblemException.class,
            problem -> Mono.just(ProblemResponses.of(request, problem.rejection())));
  }

  private static void checkTypes(HttpRequest<?> request, JsonNode json) {
    if (RouteAttributes.getRouteMatch(request).orElse(null)
        instanceof MethodBasedRouteMatch<?, ?> route) {
      for (Argument<?> argument : route.getArguments()) {
        if (argument.getAnnotationMetadata().hasAnnotation(Body.class)) {
          var faults = BodyTypes.faults(json, argument);
          if (!faults.isEmpty()) {
            throw new ProblemException(Rejection.malformed(faults));
          }
        }
      }
    }
  }

  private static boolean hasBody(HttpRequest<?> request) {
    return request.getContentLength() > 0
        || request.getHeaders().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private static boolean takesJson(HttpRequest<?> request) {
    List<MediaType> consumes =
        RouteAttributes.getRouteInfo(request).map(info -> info.getConsumes()).orElse(List.of());
    return consumes.stream().anyMatch(MediaType.APPLICATION_JSON_TYPE::equals)
        && !consumes.contains(MediaType.ALL_TYPE);
  }
}
