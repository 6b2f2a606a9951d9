package io.assay.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** The operations of the descriptions, with who may call them. */
final class Operations {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /**
   * @param path with its parameters filled with values that name nothing
   * @param internal not routed by the gateway
   * @param refusesKeys whatever their scopes: only a person does it, or the issuer is asked
   * @param mediaType of the body; null where it has none
   */
  record Operation(
      String id,
      String method,
      String path,
      Set<String> roles,
      boolean internal,
      boolean refusesKeys,
      @Nullable String mediaType) {

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private Operations() {}

  static List<Operation> all() {
    var all = new ArrayList<Operation>();
    for (var service : List.of("registry", "policy", "lineage")) {
      read(service, all);
    }
    return all;
  }

  @SuppressWarnings("unchecked")
  private static void read(String service, List<Operation> into) {
    try (InputStream file = Operations.class.getResourceAsStream("/openapi/" + service + ".yaml")) {
      Map<String, Object> description = new Yaml().load(file);
      var paths =
          (Map<String, Map<String, Object>>) Objects.requireNonNull(description.get("paths"));
      paths.forEach(
          (path, item) ->
              item.forEach(
                  (method, value) -> {
                    if (METHODS.contains(method)) {
                      into.add(operation(path, method, (Map<String, Object>) value));
                    }
                  }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Operation operation(String path, String method, Map<String, Object> value) {
    var filled =
        path.replace("{+path}", "none.bin")
            .replace("{view}", "none")
            .replace("{position}", "0")
            .replaceAll("\\{[a-z]+}", "00000000-0000-4000-8000-000000000000");
    if (path.equals("/api/v1/lineage")) {
      filled += "?node=model:00000000-0000-4000-8000-000000000000";
    }
    return new Operation(
        String.valueOf(value.get("operationId")),
        method.toUpperCase(Locale.ROOT),
        filled,
        new TreeSet<>((List<String>) Objects.requireNonNull(value.get("x-roles"))),
        Boolean.FALSE.equals(value.get("x-gateway")),
        Stream.of("x-people-only", "x-step-up", "x-introspect")
            .anyMatch(mark -> Boolean.TRUE.equals(value.get(mark))),
        mediaType(value));
  }

  @SuppressWarnings("unchecked")
  private static @Nullable String mediaType(Map<String, Object> operation) {
    var body = (Map<String, Map<String, Object>>) operation.get("requestBody");
    return body == null
        ? null
        : Objects.requireNonNull(body.get("content")).keySet().iterator().next();
  }
}
