package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents point at is there. */
class DocumentsTest {

  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(#[^)]*)?\\)");
  private static final Path ROOT = root();

  static Stream<Path> documents() throws IOException {
    var documents = new ArrayList<Path>();
    try (var top = Files.list(ROOT);
        var docs = Files.walk(ROOT.resolve("docs"))) {
      top.filter(DocumentsTest::isDocument).forEach(documents::add);
      docs.filter(DocumentsTest::isDocument).forEach(documents::add);
    }
    return documents.stream().map(ROOT::relativize).sorted();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkedFileExists(Path document) throws IOException {
    var file = ROOT.resolve(document);
    var missing =
        LINK.matcher(Files.readString(file))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !Files.exists(file.resolveSibling(link).normalize()))
            .toList();
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("slices")
  void everySliceIsInTheIndexOfTheReadme(Path slice) throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .as("the slice " + slice)
        .contains(slice.toString());
  }

  /** A slice has a file with a decider in it. */
  static Stream<Path> slices() throws IOException {
    var slices = new ArrayList<Path>();
    for (var service : List.of("registry-service", "policy-service")) {
      try (var files = Files.walk(ROOT.resolve(service).resolve("src/main/java"))) {
        for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          if (Files.readString(file).contains("implements Decider<")) {
            slices.add(ROOT.relativize(file.getParent()));
          }
        }
      }
    }
    return slices.stream().distinct().sorted();
  }

  private static boolean isDocument(Path path) {
    return path.toString().endsWith(".md");
  }

  private static Path root() {
    var folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("mvnw")) ? folder : folder.resolveSibling(".").normalize();
  }
}
