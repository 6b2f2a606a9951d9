package io.assay.platform.identity;

import io.assay.platform.identity.apikey.ApiKey;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.bearer.BearerTokenReader;
import io.micronaut.security.token.reader.TokenReader;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads the credential out of {@code Authorization}: what follows {@code Bearer}, or the password
 * of HTTP Basic where it is an API key, whatever the user's name. It stands in the place of
 * Micronaut's reader, which prints headers that it does not understand.
 */
@Singleton
@Replaces(BearerTokenReader.class)
@Requires(beans = IdentityConfiguration.class)
class CredentialReader implements TokenReader<HttpRequest<?>> {

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  @Override
  public Optional<String> findToken(HttpRequest<?> request) {
    return Optional.ofNullable(request.getHeaders().get(HttpHeaders.AUTHORIZATION))
        .flatMap(CredentialReader::credential);
  }

  /** Whether the request speaks HTTP Basic. */
  static boolean isBasic(HttpRequest<?> request) {
    var header = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
    return header != null && startsWith(header, BASIC);
  }

  static Optional<String> credential(String header) {
    if (startsWith(header, BEARER)) {
      return Optional.of(header.substring(BEARER.length()).strip());
    }
    return startsWith(header, BASIC)
        ? password(header.substring(BASIC.length()).strip()).filter(ApiKey::isMeant)
        : Optional.empty();
  }

  private static boolean startsWith(String header, String scheme) {
    return header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static Optional<String> password(String encoded) {
    try {
      var pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
