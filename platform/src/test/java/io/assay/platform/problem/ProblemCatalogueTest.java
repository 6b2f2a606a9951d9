package io.assay.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProblemCatalogueTest {

  private static final Pattern SLUG =
      Pattern.compile("Rejection\\s*\\.of\\(\\s*\"([a-z0-9-]+)\"|[^.\\w]of\\(\\s*\"([a-z0-9-]+)\"");

  @Test
  void every_slug_that_any_module_uses_has_its_page() throws IOException {
    var used = new TreeSet<String>();
    try (var files = Files.walk(Path.of(".."), 12)) {
      for (var file :
          files
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> path.toString().contains("/src/main/java/"))
              .toList()) {
        var source = Files.readString(file);
        if (!source.contains("Rejection")) {
          continue;
        }
        var matcher = SLUG.matcher(source);
        while (matcher.find()) {
          if (matcher.group(1) != null) {
            used.add(matcher.group(1));
          } else if (file.endsWith("Rejection.java")) {
            used.add(matcher.group(2));
          }
        }
      }
    }

    assertThat(used).contains("not-found", "path-not-canonical", "idempotency-key-used");
    assertThat(ProblemCatalogue.pages()).extracting(ProblemPage::slug).containsAll(used);
  }

  @Test
  void every_factory_without_arguments_of_its_own_agrees_with_its_page() throws Exception {
    for (var method : Rejection.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())
          || method.getName().equals("of")
          || Arrays.stream(method.getParameterTypes()).anyMatch(type -> type != String.class)) {
        continue;
      }
      Object[] arguments = new Object[method.getParameterCount()];
      Arrays.fill(arguments, "x");
      var rejection = (Rejection) method.invoke(null, arguments);
      var page = ProblemCatalogue.page(rejection.slug()).orElseThrow();
      assertThat(rejection.status()).as(page.slug()).isEqualTo(page.status());
      assertThat(rejection.title()).as(page.slug()).isEqualTo(page.title());
    }
  }

  @Test
  void a_page_says_what_happened_and_how_to_fix_it_in_text_and_in_html() {
    for (var page : ProblemCatalogue.pages()) {
      assertThat(page.text()).contains(page.title(), page.happened(), page.remedy());
      assertThat(page.html()).contains("<h1>", "How to fix it").doesNotContain("<script");
    }
  }
}
