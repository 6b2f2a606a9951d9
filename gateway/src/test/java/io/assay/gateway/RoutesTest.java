package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.platform.testing.TestIssuer;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Exactly what the descriptions name, and as public, is forwarded. */
class RoutesTest {

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final FakeService SERVICE = new FakeService();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static EmbeddedServer gateway;

  /** A path of the descriptions, with its parameters filled, and its public methods. */
  record Described(String path, Set<String> methods) {
    @Override
    public String toString() {
      return path;
    }
  }

  @BeforeAll
  static void start() {
    var unlimited = new TreeMap<String, Object>();
    for (var kind : RouteClass.values()) {
      unlimited.put("assay.gateway.limits." + kind.spelling() + ".actor-rate", 0);
      unlimited.put("assay.gateway.limits." + kind.spelling() + ".address-rate", 0);
    }
    gateway = GatewayUnderTest.start(SERVICE, ISSUER, unlimited);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SERVICE.close();
    ISSUER.close();
  }

  @BeforeEach
  void forget() {
    SERVICE.arrived.clear();
  }

  @ParameterizedTest
  @MethodSource("described")
  void exactly_the_described_methods_of_a_path_are_forwarded(Described described) throws Exception {
    for (var method : METHODS) {
      int status = status(method, described.path());
      if (described.methods().contains(method)) {
        assertThat(status).as(method).isEqualTo(200);
        assertThat(SERVICE.arrived.take().target()).isEqualTo(described.path());
      } else {
        assertThat(status).as(method).isEqualTo(described.methods().isEmpty() ? 404 : 405);
      }
    }
    assertThat(SERVICE.arrived).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("neighbours")
  void what_is_only_near_a_described_path_is_not_forwarded(String path) throws Exception {
    for (var method : List.of("GET", "POST")) {
      assertThat(status(method, path)).as(method).isEqualTo(404);
    }
    assertThat(SERVICE.arrived).isEmpty();
  }

  static Stream<Described> described() throws IOException {
    return paths().entrySet().stream()
        .map(entry -> new Described(filled(entry.getKey()), entry.getValue()));
  }

  static Stream<String> neighbours() throws IOException {
    var paths = paths();
    var forms =
        paths.keySet().stream()
            .map(path -> path.replaceAll("\\{\\+?path}$", ".+").replaceAll("\\{[^}]*}", "[^/]+"))
            .toList();
    var neighbours = new TreeSet<String>();
    for (var path : paths.keySet()) {
      var filled = filled(path);
      neighbours.add(filled + "/more");
      neighbours.add(filled.substring(0, filled.lastIndexOf('/')));
      neighbours.add(filled.replace("/api/v1/", "/api/v2/"));
      neighbours.add(filled.replace("/api/v1/", "/api/"));
      neighbours.add(filled.replace("/api/v1/", "/API/v1/"));
      int last = filled.lastIndexOf('/') + 1;
      neighbours.add(filled.substring(0, last) + filled.substring(last).toUpperCase(Locale.ROOT));
    }
    return neighbours.stream()
        .filter(path -> forms.stream().noneMatch(path::matches))
        .filter(path -> path.length() > 1);
  }

  private static int status(String method, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.getPort() + path))
            .header("Authorization", "Bearer " + ISSUER.token("ada", "admin"))
            .header("Content-Type", "application/json")
            .method(
                method,
                WITH_BODY.contains(method)
                    ? BodyPublishers.ofString("{}")
                    : BodyPublishers.noBody());
    return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static String filled(String path) {
    return path.replaceAll("\\{[^}]*}", "x-1");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Set<String>> paths() throws IOException {
    var all = new TreeMap<String, Set<String>>();
    for (var service : List.of("registry", "policy", "lineage")) {
      try (var yaml = RoutesTest.class.getResourceAsStream("/openapi/" + service + ".yaml")) {
        Map<String, Object> description = new Yaml().load(yaml);
        var paths =
            (Map<String, Map<String, Object>>) Objects.requireNonNull(description.get("paths"));
        paths.forEach(
            (path, item) -> {
              var methods = all.computeIfAbsent(path, key -> new TreeSet<>());
              item.forEach(
                  (method, operation) -> {
                    var name = method.toUpperCase(Locale.ROOT);
                    if (METHODS.contains(name)
                        && !Boolean.FALSE.equals(
                            ((Map<String, Object>) operation).get("x-gateway"))) {
                      methods.add(name);
                      if (name.equals("GET")) {
                        methods.add("HEAD");
                      }
                    }
                  });
            });
      }
    }
    return all;
  }
}
