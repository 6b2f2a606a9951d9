package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Leads to sign-in, and from there back. What the interface asks of the authentication (RFC 9470)
 * is handed to the issuer.
 */
@Singleton
class ToSignIn {

  /** Tells a page that its reader comes back from proving himself. */
  static final String PROVED = "proved";

  private static final Pattern ACR_VALUES = Pattern.compile("acr_values=\"([^\"]*)\"");
  private static final Pattern MAX_AGE = Pattern.compile("max_age=\"?([0-9]+)");

  private final boolean atIssuer;

  ToSignIn(Optional<OpenIdSignIn> issuer) {
    this.atIssuer = issuer.isPresent();
  }

  MutableHttpResponse<?> from(HttpRequest<?> request) {
    return from(request, null);
  }

  MutableHttpResponse<?> from(HttpRequest<?> request, @Nullable String challenge) {
    if (!atIssuer) {
      return lead(request, "/console/sign-in");
    }
    var page = page(request);
    boolean stepUp = challenge != null && challenge.contains("insufficient_user_authentication");
    var start =
        "/console/sign-in/start?to="
            + encoded(stepUp && page.indexOf('?') < 0 ? page + '?' + PROVED + "=yes" : page);
    if (challenge != null && stepUp) {
      start += parameter("acr", ACR_VALUES, challenge) + parameter("age", MAX_AGE, challenge);
    }
    return lead(request, start);
  }

  /** The page that was asked for, or the one whose form was sent. */
  private static String page(HttpRequest<?> request) {
    if (request.getMethodName().equals("GET")) {
      return Attempt.local(request.getUri().toString());
    }
    try {
      var referer = request.getHeaders().get("Referer");
      return referer == null ? "/" : Attempt.local(URI.create(referer).getRawPath());
    } catch (IllegalArgumentException e) {
      return "/";
    }
  }

  private static MutableHttpResponse<?> lead(HttpRequest<?> request, String where) {
    return request.getHeaders().contains("HX-Request")
        ? HttpResponse.ok().header("HX-Redirect", where)
        : HttpResponse.seeOther(URI.create(where));
  }

  private static String parameter(String name, Pattern pattern, String challenge) {
    var found = pattern.matcher(challenge);
    return found.find() ? "&" + name + "=" + encoded(found.group(1)) : "";
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
