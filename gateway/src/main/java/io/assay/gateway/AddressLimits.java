package io.assay.gateway;

import io.assay.gateway.RateLimits.By;
import io.assay.platform.problem.ProblemResponses;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.filter.HttpServerFilter;
import io.micronaut.http.filter.ServerFilterChain;
import io.micronaut.http.filter.ServerFilterPhase;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Counts the requests of each address before anything is spent on them; a token is looked at only
 * afterwards.
 */
@Filter(Filter.MATCH_ALL_PATTERN)
class AddressLimits implements HttpServerFilter {

  private static final String HEALTH = "/health/";

  private final RouteTable table;
  private final RateLimits rates;
  private final Clients clients;

  AddressLimits(RouteTable table, RateLimits rates, Clients clients) {
    this.table = table;
    this.rates = rates;
    this.clients = clients;
  }

  @Override
  public int getOrder() {
    return ServerFilterPhase.SECURITY.before();
  }

  @Override
  public Publisher<MutableHttpResponse<?>> doFilter(
      HttpRequest<?> request, ServerFilterChain chain) {
    var address = clients.address(request);
    if (address.isEmpty() || request.getPath().startsWith(HEALTH)) {
      return chain.proceed(request);
    }
    var bytes = table.route(request.getPath()).map(Route::bytes).orElse(false);
    var taken = rates.take(By.ADDRESS, RouteClass.of(request, bytes), address.get());
    return taken.admitted()
        ? chain.proceed(request)
        : Mono.just(ProblemResponses.of(request, Rejection.tooManyRequests(taken.waitSeconds())));
  }
}
