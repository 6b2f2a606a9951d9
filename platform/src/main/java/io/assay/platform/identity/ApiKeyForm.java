package io.assay.platform.identity;

import io.assay.platform.identity.apikey.ApiKey;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * At the gateway, which has no log to ask: refuses a key that is mistyped, and tells the others
 * apart, so that each has a rate of its own. It gives no role; the service authenticates.
 *
 * <p>A key is counted by its id and its secret: who knows only the id uses up nobody's rate.
 */
@Singleton
@Requires(beans = IdentityConfiguration.class)
@Requires(property = "assay.service", value = "gateway")
class ApiKeyForm implements TokenValidator<HttpRequest<?>> {

  @Override
  public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
    return ApiKey.isMeant(token) ? Mono.fromCallable(() -> counted(token)) : Mono.empty();
  }

  private static Authentication counted(String presented) {
    var key = ApiKey.parse(presented).orElseThrow(ApiKeyValidator::mistyped);
    var who = key + " " + key.digest().hex();
    return Authentication.build(who, List.of(), Map.of("iss", ApiKey.ISSUER, "sub", who));
  }
}
