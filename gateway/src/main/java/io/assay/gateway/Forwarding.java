package io.assay.gateway;

import io.assay.gateway.RateLimits.By;
import io.assay.platform.identity.Unauthenticated;
import io.assay.platform.problem.ProblemResponses;
import io.assay.platform.problem.Rejection;
import io.assay.platform.upstream.Upstream;
import io.assay.platform.upstream.Upstreams;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.client.ProxyHttpClient;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.http.filter.HttpServerFilter;
import io.micronaut.http.filter.ServerFilterChain;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.web.router.RouteAttributes;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Forwards what the gateway does not answer itself. By then the path is canonical and the token, if
 * there was one, is validated; what is left is in this order: the route, the token, the rate, the
 * size.
 */
@Filter(Filter.MATCH_ALL_PATTERN)
class Forwarding implements HttpServerFilter {

  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
  private static final String API = "/api/";
  private static final String CONSOLE = "console";
  private static final Set<String> CONSOLE_METHODS = Set.of("GET", "HEAD", "POST");

  private final RouteTable table;
  private final Upstreams upstreams;
  private final Breakers breakers;
  private final RateLimits rates;
  private final Clients clients;
  private final ProvenKeys keys;
  private final GatewayConfiguration limits;
  private final ProxyHttpClient services;
  private final ProxyHttpClient artifacts;

  Forwarding(
      RouteTable table,
      Upstreams upstreams,
      Breakers breakers,
      RateLimits rates,
      Clients clients,
      ProvenKeys keys,
      GatewayConfiguration limits,
      @Client(value = "/", configuration = ServiceClient.class) ProxyHttpClient services,
      @Client(value = "/", configuration = ArtifactClient.class) ProxyHttpClient artifacts) {
    this.table = table;
    this.upstreams = upstreams;
    this.breakers = breakers;
    this.rates = rates;
    this.clients = clients;
    this.keys = keys;
    this.limits = limits;
    this.services = services;
    this.artifacts = artifacts;
  }

  @Override
  public int getOrder() {
    return ServerFilterPhase.SECURITY.after() + 100;
  }

  @Override
  public Publisher<MutableHttpResponse<?>> doFilter(
      HttpRequest<?> request, ServerFilterChain chain) {
    if (RouteAttributes.getRouteMatch(request).isPresent()) {
      return chain.proceed(request);
    }
    // Asked now: what is hop by hop leaves the headers on the way to the service.
    boolean closing = ForwardedHeaders.closing(request);
    var path = request.getPath();
    var answered =
        path.startsWith(API)
            ? api(request, path)
            : isConsole(path) ? console(request) : refuse(request, unknown(path));
    return closing
        ? Mono.<MutableHttpResponse<?>>from(answered)
            .doOnNext(response -> response.header(HttpHeaders.CONNECTION, "close"))
        : answered;
  }

  private Publisher<MutableHttpResponse<?>> api(HttpRequest<?> request, String path) {
    var actor = request.getUserPrincipal(Authentication.class);
    if (actor.isEmpty()) {
      return refuse(request, Unauthenticated.rejection(request));
    }
    var route = table.route(path).orElse(null);
    var kind = RouteClass.of(request, route != null && route.bytes());
    return counted(
        request, kind, keys.counted(request, actor.get()), () -> api(request, path, route));
  }

  private Publisher<MutableHttpResponse<?>> api(
      HttpRequest<?> request, String path, @Nullable Route route) {
    if (route == null) {
      return refuse(request, unknown(path));
    }
    if (!route.methods().contains(request.getMethodName())) {
      MutableHttpResponse<?> refusal =
          ProblemResponses.of(
              request,
              Rejection.of(
                  "method-not-allowed",
                  request.getMethodName() + " is not answered at this path."));
      refusal.header(HttpHeaders.ALLOW, String.join(", ", new TreeSet<>(route.methods())));
      return Mono.just(refusal);
    }
    if (!route.bytes() && request.getContentLength() > limits.jsonLimit()) {
      return refuse(request, Rejection.tooLarge(limits.jsonLimit()));
    }
    return keys.learning(
        request,
        forward(
            request, route.service(), route.bytes() ? artifacts : services, false, route.bytes()));
  }

  private Publisher<MutableHttpResponse<?>> console(HttpRequest<?> request) {
    if (!CONSOLE_METHODS.contains(request.getMethodName())) {
      return refuse(
          request, Rejection.of("method-not-allowed", "The console answers GET and POST."));
    }
    if (request.getContentLength() > limits.jsonLimit()) {
      return refuse(request, Rejection.tooLarge(limits.jsonLimit()));
    }
    var answered = forward(request, CONSOLE, services, true, false);
    return clients.secure(request)
        ? Mono.<MutableHttpResponse<?>>from(answered)
            .doOnNext(response -> SecureCookies.mark(response.getHeaders()))
        : answered;
  }

  private Publisher<MutableHttpResponse<?>> forward(
      HttpRequest<?> request,
      String service,
      ProxyHttpClient client,
      boolean console,
      boolean streamed) {
    var forwarded = new Forwarded(request, service, client, console, streamed);
    return forwarded.isKept()
        ? Mono.fromFuture(forwarded::keep).flatMap(this::send)
        : Mono.defer(() -> send(forwarded)); // a breaker lets through what is really sent
  }

  /**
   * Sends it to the instance whose turn it is. Another one is asked where this one refused the
   * connection, so that nothing was sent, and where asking twice does nothing twice.
   */
  private Mono<MutableHttpResponse<?>> send(Forwarded forwarded) {
    var upstream = permitted(forwarded);
    if (upstream == null) {
      return Mono.just(ProblemResponses.of(forwarded.request(), noInstance(forwarded.service())));
    }
    long began = System.nanoTime();
    var told = new AtomicBoolean();
    return Mono.<MutableHttpResponse<?>>from(forwarded.to(upstream))
        .doOnNext(
            response -> {
              ForwardedHeaders.clean(response.getHeaders());
              if (forwarded.isStreamed()) {
                KnownLength.keep(response.getHeaders());
              }
              if (told.compareAndSet(false, true)) {
                breakers.answered(upstream, forwarded.isStreamed() ? 0 : System.nanoTime() - began);
              }
            })
        .doOnCancel(
            () -> {
              if (told.compareAndSet(false, true)) {
                breakers.unknown(upstream);
              }
            })
        .onErrorResume(
            failure -> {
              if (told.compareAndSet(false, true)) {
                tell(upstream, System.nanoTime() - began, failure);
              }
              return failed(forwarded, upstream, failure);
            });
  }

  /** The instance whose turn it is among those whose breakers let it through. */
  private @Nullable Upstream permitted(Forwarded forwarded) {
    var excluded = new ArrayList<>(forwarded.tried());
    while (true) {
      var upstream = upstreams.choose(forwarded.service(), excluded).orElse(null);
      if (upstream == null || breakers.permits(upstream)) {
        return upstream;
      }
      excluded.add(upstream);
    }
  }

  private Rejection noInstance(String service) {
    return upstreams.all(service).isEmpty()
        ? Rejection.unavailable("The service " + service + " is not running.")
        : Rejection.unavailable("The service does not answer at present.")
            .retryAfter(breakers.pauseSeconds());
  }

  private void tell(Upstream upstream, long nanoseconds, Throwable failure) {
    switch (Failure.of(failure)) {
      case NOTHING_SENT, BROKEN_OFF, TOO_SLOW -> breakers.failed(upstream, nanoseconds, failure);
      case UNREADABLE, OTHER -> breakers.unknown(upstream);
    }
  }

  private Mono<MutableHttpResponse<?>> failed(
      Forwarded forwarded, Upstream upstream, Throwable failure) {
    LOG.warn("{} does not answer: {}", upstream, failure.toString());
    var kind = Failure.of(failure);
    if (kind.isOfTheInstance()) {
      upstream.failed();
    }
    boolean again =
        kind == Failure.NOTHING_SENT || forwarded.isRepeatable() && kind.mayBeRepeated();
    return again && upstreams.choose(forwarded.service(), forwarded.tried()).isPresent()
        ? send(forwarded)
        : Mono.just(ProblemResponses.of(forwarded.request(), kind.rejection()));
  }

  /** Counts the request for its actor; every answer says what is left. */
  private Publisher<MutableHttpResponse<?>> counted(
      HttpRequest<?> request,
      RouteClass kind,
      String actor,
      Supplier<Publisher<MutableHttpResponse<?>>> answer) {
    var taken = rates.take(By.ACTOR, kind, actor);
    var answered =
        taken.admitted()
            ? answer.get()
            : refuse(request, Rejection.tooManyRequests(taken.waitSeconds()));
    return taken.limit() == 0
        ? answered
        : Mono.<MutableHttpResponse<?>>from(answered)
            .doOnNext(response -> RateLimitHeaders.put(response.getHeaders(), kind, taken));
  }

  private boolean isConsole(String path) {
    int end = path.indexOf('/', 1);
    var first = end < 0 ? path : path.substring(0, end);
    return limits.consolePaths().contains(first);
  }

  private static Publisher<MutableHttpResponse<?>> refuse(
      HttpRequest<?> request, Rejection rejection) {
    return Mono.just(ProblemResponses.of(request, rejection));
  }

  private static Rejection unknown(String path) {
    return Rejection.of("no-such-route", "Nothing answers at " + path + ".");
  }
}
