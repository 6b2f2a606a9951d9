package io.assay.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Every {@link Setting} there is, in groups, as the page and the check have them. */
final class Settings {

  private static final String CATALOGUE = "/settings.yml";

  private final Map<String, List<Setting>> groups;

  private Settings(Map<String, List<Setting>> groups) {
    this.groups = groups;
  }

  static Settings assay() {
    try (var file = Settings.class.getResourceAsStream(CATALOGUE)) {
      List<Map<String, Object>> read =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(file));
      var groups = new LinkedHashMap<String, List<Setting>>();
      read.forEach(group -> groups.put(text(group, "group"), settings(group)));
      return new Settings(groups);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Setting> all() {
    return groups.values().stream().flatMap(List::stream).toList();
  }

  /** The page for people, in Markdown. */
  String page() {
    var page = new StringBuilder();
    page.append(
        """
        # Configuration

        Each setting is a property. It is set by its environment variable, or in a YAML file that `assay serve --config FILE` names;
        the variable wins over the file. `assay config check [FILE]` looks at both, as one service or as all would read them, and says what is wrong. Lists
        are separated by commas; durations are spelled `500ms`, `10s`, `5m`, `24h`, `365d`.

        A secret stands in a variable, or in a file that nobody else can read. Under `assay.profile: production` a service refuses to start
        with a secret that is short or easily guessed or in a file that others can read, with the development issuer, with an issuer over plain HTTP,
        without introspection where it decides, and, at the gateway, with plain HTTP and no proxy declared in front of it.

        Micronaut's own settings hold beside these, above all `micronaut.server.port` (`MICRONAUT_SERVER_PORT`) and `micronaut.server.host`, and
        `datasources.default.maximum-pool-size`.
        """);
    groups.forEach(
        (group, settings) -> {
          page.append("\n## ").append(group).append("\n\n");
          page.append("| setting and variable | kind | default | read by | |\n");
          page.append("|---|---|---|---|---|\n");
          settings.forEach(setting -> page.append(row(setting)));
        });
    page.append(
        """

        ## The command line

        Read by the command `assay` itself.

        | variable | |
        |---|---|
        | `JAVA_HOME` | the JDK 25; found on `PATH` and in the usual folders unless said |
        | `ASSAY_JAVA_OPTS` | more options for Java |
        | `ASSAY_DATA`, `ASSAY_PORT` | stand for `--data` and `--port` |
        | `ASSAY_DATABASE_URL`, `ASSAY_DATABASE_PASSWORDS` | with them `up` uses a PostgreSQL server of one's own |
        | `ASSAY_CACHE` | where unpacked Keycloak lies; the user's cache folder unless said |
        """);
    return page.toString();
  }

  private static String row(Setting setting) {
    var kind = setting.type().spelling() + (setting.unit() == null ? "" : ", " + setting.unit());
    var choices =
        setting.choices().isEmpty()
            ? kind
            : String.join(" or ", setting.choices().stream().map(c -> "`" + c + "`").toList());
    return "| `%s` `%s` | %s | %s | %s | %s |%n"
        .formatted(
            setting.name(),
            setting.variable(),
            choices,
            setting.standard() == null ? "" : "`" + setting.standard() + "`",
            setting.services().size() == Service.values().length
                ? "all"
                : String.join(", ", setting.services()),
            setting.meaning());
  }

  @SuppressWarnings("unchecked")
  private static List<Setting> settings(Map<String, Object> group) {
    var settings = new ArrayList<Setting>();
    for (var entry : (List<Map<String, Object>>) Objects.requireNonNull(group.get("settings"))) {
      var least = entry.get("least");
      settings.add(
          new Setting(
              text(entry, "name"),
              Setting.Type.of(String.valueOf(entry.getOrDefault("type", "text"))),
              optional(entry, "default"),
              optional(entry, "unit"),
              texts(entry, "choices").toList(),
              least == null ? null : ((Number) least).longValue(),
              entry.containsKey("of")
                  ? texts(entry, "of").toList()
                  : Arrays.stream(Service.values()).map(Service::spelling).toList(),
              text(entry, "meaning")));
    }
    return List.copyOf(settings);
  }

  private static String text(Map<String, Object> entry, String key) {
    return String.valueOf(Objects.requireNonNull(entry.get(key), key));
  }

  private static @Nullable String optional(Map<String, Object> entry, String key) {
    var value = entry.get(key);
    return value == null ? null : String.valueOf(value);
  }

  private static Stream<String> texts(Map<String, Object> entry, String key) {
    return entry.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf)
        : Stream.of();
  }
}
