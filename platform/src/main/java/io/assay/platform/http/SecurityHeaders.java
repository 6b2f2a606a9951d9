package io.assay.platform.http;

import io.micronaut.context.annotation.Property;
import io.micronaut.http.MutableHttpHeaders;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers that every response bears, whatever it answers, unless it bears a value of its own.
 */
@Singleton
public class SecurityHeaders {

  /**
   * No script, style or frame from anywhere: an interface answers data. The console sets its own.
   */
  private static final Map<String, String> ALWAYS = new LinkedHashMap<>();

  static {
    ALWAYS.put("X-Content-Type-Options", "nosniff");
    ALWAYS.put("X-Frame-Options", "DENY");
    // Not no-referrer: browsers then send "Origin: null" with the console's own forms.
    ALWAYS.put("Referrer-Policy", "same-origin");
    ALWAYS.put(
        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    ALWAYS.put("Cross-Origin-Opener-Policy", "same-origin");
    ALWAYS.put("Cross-Origin-Resource-Policy", "same-origin");
    ALWAYS.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    ALWAYS.put("Cache-Control", "no-store");
  }

  private static final String HSTS = "Strict-Transport-Security";
  private static final String YEAR = "max-age=31536000";

  private final Map<String, String> headers;

  /**
   * @param certificate of the gateway, where it does TLS itself
   * @param proxies in front of the gateway, where they do
   */
  SecurityHeaders(
      @Nullable @Property(name = "assay.tls.certificate-file") String certificate,
      @Property(name = "assay.proxy.trusted", defaultValue = "") List<String> proxies) {
    var all = new LinkedHashMap<>(ALWAYS);
    if (certificate != null || proxies.stream().anyMatch(it -> !it.isBlank())) {
      all.put(HSTS, YEAR);
    }
    this.headers = Map.copyOf(all);
  }

  /** Adds those that are not there. */
  public void put(MutableHttpHeaders response) {
    headers.forEach(
        (name, value) -> {
          if (!response.contains(name)) {
            response.set(name, value);
          }
        });
  }
}
