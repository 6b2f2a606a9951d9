package io.assay.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine.Command;

/** Every role against every route, from the descriptions that the services enforce. */
@Command(
    name = "roles",
    description = "Prints docs/roles.md: which role may call which route.",
    mixinStandardHelpOptions = true)
final class RolesCommand implements Callable<Integer> {

  private static final List<String> ROLES =
      List.of(
          "ml-engineer",
          "pipeline",
          "model-validator",
          "risk-officer",
          "compliance-officer",
          "auditor",
          "operator",
          "admin");

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  @Override
  public Integer call() {
    System.out.print(page());
    return 0;
  }

  /** The page for people, in Markdown. */
  static String page() {
    var page = new StringBuilder();
    page.append(
        """
        # Roles

        Who may call what, in the workspace where the role is held. Made from the interface descriptions in [api-specs](../api-specs), which the services
        enforce and the suite tests, cell by cell. Whether a caller may do it to this very thing, his own version for example, is decided from the log.

        `●` may. `◐` may, while the issuer, asked at that moment, still stands by the token. `▲` may, having proved a second factor or the password
        a short while ago, and while the issuer stands by it. API keys and workload tokens pass where their roles do, but only at `●`, and nowhere at routes
        marked *people*.
        """);
    for (var service : List.of("registry", "policy", "lineage")) {
      page.append("\n## ").append(service).append("\n\n| |");
      ROLES.forEach(role -> page.append(' ').append(role).append(" |"));
      page.append("\n|---|").append(":-:|".repeat(ROLES.size())).append('\n');
      rows(service).forEach(page::append);
    }
    return page.toString();
  }

  @SuppressWarnings("unchecked")
  private static List<String> rows(String service) {
    var rows = new ArrayList<String>();
    try (var file = RolesCommand.class.getResourceAsStream("/openapi/" + service + ".yaml")) {
      var options = new LoaderOptions();
      options.setCodePointLimit(16 * 1024 * 1024);
      Map<String, Object> description =
          new Yaml(new SafeConstructor(options)).load(Objects.requireNonNull(file));
      var paths =
          (Map<String, Map<String, Object>>) Objects.requireNonNull(description.get("paths"));
      paths.forEach(
          (path, item) ->
              item.forEach(
                  (method, operation) -> {
                    if (METHODS.contains(method)) {
                      rows.add(row(method, path, (Map<String, Object>) operation));
                    }
                  }));
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String row(String method, String path, Map<String, Object> operation) {
    var allowed = (List<?>) Objects.requireNonNull(operation.get("x-roles"));
    var mark = is(operation, "x-step-up") ? "▲" : is(operation, "x-introspect") ? "◐" : "●";
    var row = new StringBuilder("| `%s %s`".formatted(method.toUpperCase(Locale.ROOT), path));
    if (is(operation, "x-people-only")) {
      row.append(" *people*");
    }
    if (Boolean.FALSE.equals(operation.get("x-gateway"))) {
      row.append(" *between services*");
    }
    row.append(" |");
    ROLES.forEach(role -> row.append(allowed.contains(role) ? " " + mark + " |" : " |"));
    return row.append('\n').toString();
  }

  private static boolean is(Map<String, Object> operation, String mark) {
    return Boolean.TRUE.equals(operation.get(mark));
  }
}
