package io.assay.platform.http;

import io.micronaut.http.HttpRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names a request in logs, problems and events. The caller's own name is kept where it is one. */
public final class RequestId {

  public static final String HEADER = "Assay-Request-Id";

  private static final String ATTRIBUTE = "assay.request-id";
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private RequestId() {}

  /** The name of this request, once it is in. */
  public static Optional<String> of(HttpRequest<?> request) {
    return request.getAttribute(ATTRIBUTE, String.class);
  }

  static String assign(HttpRequest<?> request) {
    var offered = request.getHeaders().get(HEADER);
    var id =
        offered != null && FORM.matcher(offered).matches() ? offered : UUID.randomUUID().toString();
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }
}
