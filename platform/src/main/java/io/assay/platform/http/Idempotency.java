package io.assay.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.contracts.CanonicalJson;
import io.assay.platform.http.IdempotencyStore.Answer;
import io.assay.platform.http.IdempotencyStore.Claim;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Invocations;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.ProblemResponses;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.io.Writable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.filter.ServerFilterChain;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Answers a repeated write as the first one was answered: status, body, {@code Location}, {@code
 * ETag} and {@code Assay-Position}, for 24 hours. The tag that the invocation bears makes the write
 * itself unique for ever.
 *
 * <p>A key belongs to its actor and route. Used with another body it is refused (422), while the
 * first request runs too (409, Retry-After). Only successes stick. The answers of routes that are
 * {@link AnsweredOnce} are not kept.
 */
@Singleton
@Requires(beans = {IdempotencyStore.class, Invocations.class})
class Idempotency {

  static final String HEADER = "Idempotency-Key";

  private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);
  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]{1,200}");

  private final IdempotencyStore store;
  private final Invocations invocations;
  private final WorkspaceKeys keys;
  private final JsonMapper json;
  private final Scheduler scheduler;

  Idempotency(
      IdempotencyStore store,
      Invocations invocations,
      WorkspaceKeys keys,
      JsonMapper json,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.store = store;
    this.invocations = invocations;
    this.keys = keys;
    this.json = json;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  Publisher<MutableHttpResponse<?>> once(
      HttpRequest<?> request, Optional<JsonNode> body, ServerFilterChain chain) {
    var key = request.getHeaders().get(HEADER);
    if (key == null
        || request.getUserPrincipal(Authentication.class).isEmpty()
        || RouteAttributes.getRouteMatch(request).isEmpty()
        || marked(request, ReadOnly.class)) {
      return chain.proceed(request);
    }
    return Mono.fromCallable(() -> claim(request, key, body.orElse(null)))
        .subscribeOn(scheduler)
        .flatMap(
            claimed ->
                switch (claimed.claim()) {
                  case Claim.Ours ours -> first(request, claimed.tag(), chain);
                  case Claim.Answered answered -> Mono.just(again(request, answered.answer()));
                  case Claim.InProgress running ->
                      Mono.just(
                          ProblemResponses.of(
                              request,
                              Rejection.of(
                                      "request-in-progress",
                                      "The first request with this key is still being answered.")
                                  .retryAfter(1)));
                  case Claim.Reused reused ->
                      Mono.just(
                          ProblemResponses.of(
                              request,
                              Rejection.of(
                                      "idempotency-key-reused",
                                      "This key was used on this route with another body.")
                                  .at("#/header/" + HEADER, "Send a fresh key.")));
                });
  }

  private static boolean marked(HttpRequest<?> request, Class<? extends Annotation> mark) {
    return RouteAttributes.getRouteMatch(request)
        .map(route -> route.getAnnotationMetadata().hasAnnotation(mark))
        .orElse(false);
  }

  private record Claimed(String tag, Claim claim) {}

  private Claimed claim(HttpRequest<?> request, String key, @Nullable JsonNode body) {
    if (!FORM.matcher(key).matches()) {
      throw new ProblemException(
          Rejection.of("invalid-idempotency-key", "A key is 1 to 200 visible ASCII characters.")
              .at("#/header/" + HEADER, "Send a UUID."));
    }
    Invocation invocation = invocations.current(request);
    var workspace = invocation.workspace();
    var route = request.getMethodName() + ' ' + request.getPath();
    var tag = keys.hmac(workspace, "idem", invocation.actor().id(), route, key);
    invocations.withIdempotencyTag(request, tag);
    var fingerprint = keys.hmac(workspace, body == null ? new byte[0] : CanonicalJson.bytes(body));
    return new Claimed(tag, store.claim(tag, fingerprint));
  }

  private Mono<MutableHttpResponse<?>> first(
      HttpRequest<?> request, String tag, ServerFilterChain chain) {
    return Mono.<MutableHttpResponse<?>>from(chain.proceed(request))
        .publishOn(scheduler)
        .doOnNext(response -> keep(request, tag, response))
        .doOnError(failure -> store.release(tag));
  }

  private void keep(HttpRequest<?> request, String tag, MutableHttpResponse<?> response) {
    if (response.code() >= 400 || marked(request, AnsweredOnce.class)) {
      store.release(tag);
      return;
    }
    try {
      var headers = response.getHeaders();
      store.answered(
          tag,
          new Answer(
              response.code(),
              response.getContentType().map(MediaType::toString).orElse(null),
              headers.get(HttpHeaders.LOCATION),
              headers.get(HttpHeaders.ETAG),
              position(request, headers.get(Positions.WRITTEN)),
              bytes(response.getBody().orElse(null))));
    } catch (RuntimeException e) {
      // The write is done and its tag is in the log: better answered without a copy than not.
      LOG.error("An answer is not kept for its idempotency key", e);
    }
  }

  private static @Nullable Long position(HttpRequest<?> request, @Nullable String header) {
    if (header != null) {
      return Long.valueOf(header);
    }
    var written = Positions.writtenBy(request);
    return written.isPresent() ? Long.valueOf(written.getAsLong()) : null;
  }

  private byte @Nullable [] bytes(@Nullable Object body) {
    try {
      return switch (body) {
        case null -> null;
        case byte[] bytes -> bytes;
        case CharSequence text -> text.toString().getBytes(StandardCharsets.UTF_8);
        case Writable writable -> throw new IllegalStateException("A stream is no answer to keep");
        default -> json.writeValueAsBytes(body);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MutableHttpResponse<?> again(HttpRequest<?> request, Answer answer) {
    MutableHttpResponse<Object> response = HttpResponse.status(answer.status(), "Answered before");
    if (answer.body() != null) {
      response.body(new String(answer.body(), StandardCharsets.UTF_8));
      response.contentType(
          answer.contentType() == null
              ? MediaType.APPLICATION_JSON_TYPE
              : MediaType.of(answer.contentType()));
    }
    if (answer.location() != null) {
      response.header(HttpHeaders.LOCATION, answer.location());
    }
    if (answer.etag() != null) {
      response.header(HttpHeaders.ETAG, answer.etag());
    }
    if (answer.position() != null) {
      response.header(Positions.WRITTEN, answer.position().toString());
    }
    return response;
  }
}
