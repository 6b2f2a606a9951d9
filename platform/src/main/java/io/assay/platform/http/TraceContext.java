package io.assay.platform.http;

import io.micronaut.http.HttpRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * W3C trace context: the trace of the caller is continued with a span of our own; where there is
 * none, or none that is valid, a new one begins.
 */
public final class TraceContext {

  public static final String HEADER = "traceparent";

  private static final String ATTRIBUTE = "assay.traceparent";
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");
  private static final SecureRandom RANDOM = new SecureRandom();

  private TraceContext() {}

  /** The span of this request, once it is in. */
  public static Optional<String> of(HttpRequest<?> request) {
    return request.getAttribute(ATTRIBUTE, String.class);
  }

  static String assign(HttpRequest<?> request) {
    var traceparent = continued(request.getHeaders().get(HEADER));
    request.setAttribute(ATTRIBUTE, traceparent);
    return traceparent;
  }

  /** A new span in the trace of this header, or in a new trace. */
  static String continued(@Nullable String header) {
    if (header != null) {
      var matcher = FORM.matcher(header);
      if (matcher.matches()) {
        return "00-" + matcher.group(1) + '-' + random(8) + '-' + matcher.group(2);
      }
    }
    return "00-" + random(16) + '-' + random(8) + "-01";
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    random[0] |= 1;
    return HexFormat.of().formatHex(random);
  }
}
