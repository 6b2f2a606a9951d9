package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The settings that are told are those that the code reads, with the defaults that it has. */
class SettingsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> MODULES =
      List.of(
          "platform",
          "registry-service",
          "policy-service",
          "lineage-service",
          "gateway",
          "console",
          "launcher");

  private static final Pattern RECORD =
      Pattern.compile(
          "@(ConfigurationProperties|EachProperty)\\(\"(assay[^\"]*)\"\\)(?:(?!@ConfigurationProp).)*?"
              + "record \\w+\\((.*?)\\)\\s*(?:implements [^{]*)?\\{",
          Pattern.DOTALL);
  private static final Pattern COMPONENT =
      Pattern.compile(
          "((?:@[\\w.]+(?:\\([^)]*\\))?\\s+)*)[\\w.]+(?:<[^()]*?>)?(?:\\s+@\\w+)?\\s+(\\w+)\\s*(?:,|$)");
  private static final Pattern DEFAULT = Pattern.compile("defaultValue = \"([^\"]*)\"");
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{(assay\\.[a-z0-9.-]+)(?::`?([^}`]*)`?)?}");
  private static final Pattern PROPERTY =
      Pattern.compile("@Property\\(name = \"(assay[^\"]*)\"(?:,\\s*defaultValue = \"([^\"]*)\")?");
  private static final Pattern READ =
      Pattern.compile("(?:getProperty|setting|longest)\\((?:\\w+, )?\"(assay\\.[a-z0-9.-]+)\"");

  /** Set by the launcher, not by operators. */
  private static final Set<String> INTERNAL = Set.of("assay.service", "assay.home");

  @Test
  void thePageIsUpToDate() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/configuration.md")))
        .as("renew it: ./assay config page > docs/configuration.md")
        .isEqualTo(Settings.assay().page());
  }

  @Test
  void everySettingOfTheCodeIsInTheCatalogue() {
    var unknown = new TreeSet<>(inCode().keySet());
    unknown.removeIf(name -> Settings.assay().all().stream().anyMatch(s -> s.isNamed(name)));
    assertThat(unknown).isEmpty();
  }

  @Test
  void everySettingOfTheCatalogueIsReadByTheCode() {
    var code = inCode().keySet();
    assertThat(Settings.assay().all())
        .extracting(Setting::name)
        .filteredOn(name -> !code.contains(name))
        .allMatch(name -> name.startsWith("assay.services.*"));
  }

  @Test
  void theDefaultsAreThoseOfTheCode() {
    var code = inCode();
    for (var setting : Settings.assay().all()) {
      var defaults = code.getOrDefault(setting.name(), Set.of());
      var standard = setting.standard();
      if (standard == null) {
        assertThat(defaults).as(setting.name()).isEmpty();
      } else if (!defaults.isEmpty()) {
        assertThat(defaults).as(setting.name()).contains(standard);
      }
    }
  }

  @Test
  void namesAreUniqueAndEachHasOneVariable() {
    var all = Settings.assay().all();
    assertThat(all).extracting(Setting::name).doesNotHaveDuplicates();
    assertThat(all).extracting(Setting::variable).doesNotHaveDuplicates();
  }

  /** Names that the code reads, and the defaults that it gives them. */
  private static Map<String, Set<String>> inCode() {
    var found = new TreeMap<String, Set<String>>();
    for (var module : MODULES) {
      files(module, ".java").forEach(file -> java(read(file), found));
      files(module, ".yml")
          .filter(file -> file.getFileName().toString().startsWith("application"))
          .forEach(file -> yaml(read(file), found));
    }
    found.keySet().removeAll(INTERNAL);
    return found;
  }

  private static void java(String code, Map<String, Set<String>> found) {
    RECORD
        .matcher(code)
        .results()
        .forEach(
            match -> {
              var prefix = match.group(2) + (match.group(1).equals("EachProperty") ? ".*" : "");
              COMPONENT
                  .matcher(match.group(3).strip())
                  .results()
                  .filter(component -> !component.group(1).contains("@Parameter"))
                  .forEach(
                      component -> {
                        var standard = DEFAULT.matcher(component.group(1));
                        add(
                            found,
                            prefix + "." + kebab(component.group(2)),
                            standard.find() ? standard.group(1) : null);
                      });
            });
    for (var pattern : List.of(PLACEHOLDER, PROPERTY)) {
      pattern.matcher(code).results().forEach(match -> add(found, match.group(1), match.group(2)));
    }
    READ.matcher(code).results().forEach(match -> add(found, match.group(1), null));
  }

  private static void yaml(String text, Map<String, Set<String>> found) {
    PLACEHOLDER
        .matcher(text)
        .results()
        .forEach(match -> add(found, match.group(1), match.group(2)));
    Map<String, Object> content = new Yaml().load(text);
    walk("assay", content.get("assay"), found);
  }

  private static void walk(String name, @Nullable Object value, Map<String, Set<String>> found) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, inner) -> walk(name + "." + key, inner, found));
    } else if (value instanceof List<?> list) {
      add(found, name, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
    } else if (value != null) {
      add(found, name, String.valueOf(value));
    }
  }

  private static void add(Map<String, Set<String>> found, String name, @Nullable String standard) {
    var defaults = found.computeIfAbsent(name, absent -> new TreeSet<>());
    if (standard != null && !standard.isEmpty()) {
      defaults.add(standard);
    }
  }

  private static String kebab(String name) {
    return Pattern.compile("[A-Z]").matcher(name).replaceAll(m -> "-" + m.group().toLowerCase());
  }

  private static Stream<Path> files(String module, String ending) {
    try (var files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
      return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
