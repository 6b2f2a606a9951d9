package io.assay.platform.identity;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.UriRouteInfo;
import io.micronaut.web.router.UriRouteMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Which operations ask more of a token than that it is valid, as the service's interface
 * description marks them: {@code x-introspect} that the issuer still stands by it, {@code
 * x-step-up} that its bearer proved himself a short while ago, {@code x-people-only} that he is
 * one: neither an API key nor a workload.
 *
 * <p>Under the production profile refuses to start without an issuer to ask.
 */
@Context
@Requires(beans = IdentityConfiguration.class)
class GuardedOperations {

  /** What one operation asks. */
  record Marks(boolean introspect, boolean stepUp, boolean peopleOnly) {
    static final Marks NONE = new Marks(false, false, false);
  }

  /** Descriptions are ours and large. */
  private static final int CODE_POINTS = 16 * 1024 * 1024;

  private final Map<String, Marks> marks;
  private final Map<UriRouteInfo<?, ?>, Marks> byRoute = new ConcurrentHashMap<>();

  GuardedOperations(
      @Value("${assay.service:}") String service,
      @Value("${assay.profile:development}") String profile,
      Optional<Introspection.Configuration> introspection) {
    this.marks = read(service);
    if (profile.equals("production")
        && introspection.isEmpty()
        && marks.values().stream().anyMatch(Marks::introspect)) {
      throw new ConfigurationException(
          "Under the production profile assay.identity.introspection.url has to be set, so that"
              + " a token that was taken back decides nothing");
    }
  }

  Marks of(HttpRequest<?> request) {
    return RouteAttributes.getRouteMatch(request)
        .filter(UriRouteMatch.class::isInstance)
        .map(match -> ((UriRouteMatch<?, ?>) match).getRouteInfo())
        .map(route -> byRoute.computeIfAbsent(route, this::marks))
        .orElse(Marks.NONE);
  }

  private Marks marks(UriRouteInfo<?, ?> route) {
    var key = key(route.getHttpMethodName(), route.getUriMatchTemplate().toPathString());
    return marks.getOrDefault(key, Marks.NONE);
  }

  private static Map<String, Marks> read(String service) {
    var found = new HashMap<String, Marks>();
    var resource = "/openapi/" + service + ".yaml";
    try (var yaml = GuardedOperations.class.getResourceAsStream(resource)) {
      if (yaml == null) {
        return Map.of(); // a service without an interface of its own, or a test of one
      }
      var options = new LoaderOptions();
      options.setCodePointLimit(CODE_POINTS);
      Map<String, Object> description = new Yaml(new SafeConstructor(options)).load(yaml);
      members(description.get("paths"))
          .forEach(
              (path, item) ->
                  members(item)
                      .forEach(
                          (method, operation) ->
                              found.put(
                                  key(method.toUpperCase(Locale.ROOT), path),
                                  marks(members(operation)))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(found);
  }

  private static Marks marks(Map<String, Object> operation) {
    return new Marks(
        Boolean.TRUE.equals(operation.get("x-introspect")),
        Boolean.TRUE.equals(operation.get("x-step-up")),
        Boolean.TRUE.equals(operation.get("x-people-only")));
  }

  /** The names of parameters are not part of a path. */
  private static String key(String method, String path) {
    return method + ' ' + path.replaceAll("\\{[^}]*}", "{}");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
