package io.assay.platform.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The pages of all kinds of problem, from {@code problems/catalogue.yml}. Refuses to load a page
 * that lacks a part.
 */
public final class ProblemCatalogue {

  private static final String RESOURCE = "/problems/catalogue.yml";
  private static final Map<String, ProblemPage> PAGES = load();

  private ProblemCatalogue() {}

  /** The page of this slug. */
  public static Optional<ProblemPage> page(String slug) {
    return Optional.ofNullable(PAGES.get(slug));
  }

  /** All pages, by slug. */
  public static Collection<ProblemPage> pages() {
    return PAGES.values();
  }

  private static Map<String, ProblemPage> load() {
    try (var yaml = ProblemCatalogue.class.getResourceAsStream(RESOURCE)) {
      if (yaml == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      Map<String, Map<String, Object>> entries =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
      var pages = new TreeMap<String, ProblemPage>();
      entries.forEach(
          (slug, entry) ->
              pages.put(
                  slug,
                  new ProblemPage(
                      slug,
                      Integer.parseInt(part(slug, entry, "status")),
                      part(slug, entry, "title"),
                      part(slug, entry, "happened"),
                      part(slug, entry, "fix"))));
      return pages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String part(String slug, Map<String, Object> entry, String key) {
    var text = entry.get(key);
    if (text == null || text.toString().isBlank()) {
      throw new IllegalStateException("The page " + slug + " has no " + key);
    }
    return text.toString().strip();
  }
}
