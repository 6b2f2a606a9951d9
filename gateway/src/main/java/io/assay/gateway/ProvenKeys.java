package io.assay.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.platform.identity.apikey.ApiKey;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Which API keys a service has taken lately. Only the form of a key is known here, and anybody can
 * make up as many as he likes: until a service has taken one, it is counted with all others of its
 * address.
 */
@Singleton
class ProvenKeys {

  private static final int REMEMBERED = 10_000;
  private static final Duration LONG = Duration.ofHours(1);

  private final Clients clients;
  private final Cache<String, Boolean> proven =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(LONG).build();

  ProvenKeys(Clients clients) {
    this.clients = clients;
  }

  /** As whom a caller's requests are counted. */
  String counted(HttpRequest<?> request, Authentication caller) {
    var who = who(caller);
    return isKey(caller) && proven.getIfPresent(who) == null
        ? "keys of " + clients.address(request).orElse("a proxy")
        : who;
  }

  /**
   * Learns from what a service answers; from refusals, which may be our own, only that of a key.
   */
  Publisher<MutableHttpResponse<?>> learning(
      HttpRequest<?> request, Publisher<MutableHttpResponse<?>> answer) {
    var caller = request.getUserPrincipal(Authentication.class).filter(ProvenKeys::isKey);
    return caller.isEmpty()
        ? answer
        : Mono.<MutableHttpResponse<?>>from(answer)
            .doOnNext(
                response -> {
                  if (response.code() == HttpStatus.UNAUTHORIZED.getCode()) {
                    proven.invalidate(who(caller.get()));
                  } else if (response.code() < HttpStatus.BAD_REQUEST.getCode()) {
                    proven.put(who(caller.get()), true);
                  }
                });
  }

  private static boolean isKey(Authentication caller) {
    return ApiKey.ISSUER.equals(caller.getAttributes().get("iss"));
  }

  private static String who(Authentication caller) {
    var claims = caller.getAttributes();
    return claims.get("iss") + " " + claims.get("sub");
  }
}
