package io.assay.gateway;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What the interface descriptions name, and nothing else. Operations marked {@code x-gateway:
 * false} are the services' among themselves.
 */
@Singleton
class RouteTable {

  private static final List<String> SERVICES = List.of("registry", "policy", "lineage");
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head");

  /** Descriptions are ours and large. */
  private static final int CODE_POINTS = 16 * 1024 * 1024;

  private final List<Route> routes;

  RouteTable() {
    var found = new ArrayList<Route>();
    for (var service : SERVICES) {
      read(service, found);
    }
    this.routes = List.copyOf(found);
  }

  /** The route of a canonical path, whatever the method. */
  Optional<Route> route(String path) {
    var segments = List.of(path.substring(1).split("/", -1));
    return routes.stream()
        .filter(route -> route.matches(segments))
        .max(Comparator.comparingLong(Route::literals));
  }

  List<Route> routes() {
    return routes;
  }

  private static void read(String service, List<Route> into) {
    var resource = "/openapi/" + service + ".yaml";
    try (var yaml = RouteTable.class.getResourceAsStream(resource)) {
      if (yaml == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      var options = new LoaderOptions();
      options.setCodePointLimit(CODE_POINTS);
      Map<String, Object> description = new Yaml(new SafeConstructor(options)).load(yaml);
      members(description.get("paths"))
          .forEach((path, item) -> route(service, path, members(item)).ifPresent(into::add));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Route> route(String service, String path, Map<String, Object> item) {
    var methods = new HashSet<String>();
    boolean bytes = false;
    for (var operation : item.entrySet()) {
      if (!METHODS.contains(operation.getKey())) {
        continue;
      }
      var described = members(operation.getValue());
      if (Boolean.FALSE.equals(described.get("x-gateway"))
          || Boolean.TRUE.equals(described.get("x-internal"))) {
        continue;
      }
      methods.add(operation.getKey().toUpperCase(Locale.ROOT));
      if (operation.getKey().equals("get")) {
        methods.add("HEAD");
      }
      bytes |=
          members(members(described.get("requestBody")).get("content"))
              .containsKey("application/octet-stream");
    }
    if (methods.isEmpty()) {
      return Optional.empty();
    }
    boolean rest = path.endsWith("{+path}") || path.endsWith("/artifacts/{path}");
    return Optional.of(
        new Route(
            service, List.of(path.substring(1).split("/", -1)), Set.copyOf(methods), rest, bytes));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
