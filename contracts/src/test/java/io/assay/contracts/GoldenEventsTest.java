package io.assay.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.testing.EventExamples;
import io.assay.contracts.testing.PlainSections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of every event version, for ever: a golden file is added, never edited. */
class GoldenEventsTest {

  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final Pattern PAYLOAD =
      Pattern.compile("(?<type>\\w+)\\.v(?<version>\\d+)\\.(full|bare)\\.payload\\.json");

  private final EventJson json = new EventJson(EventCatalogue.assay());

  record Example(String file, EventCatalogue.Entry entry, Event event) {
    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Example> examples() {
    return EventCatalogue.assay().entries().stream()
        .flatMap(
            entry -> {
              var key = entry.type() + ".v" + entry.version();
              return Stream.of(
                  new Example(key + ".full", entry, EventExamples.full(entry.event())),
                  new Example(key + ".bare", entry, EventExamples.bare(entry.event())));
            });
  }

  static List<Path> goldenPayloads() throws IOException {
    try (var files = Files.list(GOLDEN)) {
      return files.filter(file -> payload(file).matches()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyEventHasExactlyTheGoldenBytes(Example example) throws IOException {
    var sections = json.write(example.event());
    propose(example.file() + ".payload.json", sections.payload());
    propose(example.file() + ".text.json", sections.text());
    compared(example.file() + ".payload.json", sections.payload());
    compared(example.file() + ".text.json", sections.text());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aSecondImplementationWritesTheSameBytes(Example example) throws IOException {
    assertThat(PlainSections.payload(example.event()))
        .isEqualTo(golden(example.file() + ".payload.json"));
    assertThat(PlainSections.text(example.event()))
        .isEqualTo(golden(example.file() + ".text.json"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void goldenBytesReadBackAsTheEventTheyWere(Example example) throws IOException {
    var payload = Files.readAllBytes(GOLDEN.resolve(example.file() + ".payload.json"));
    assertThat(
            json.read(
                example.entry().type(),
                example.entry().version(),
                payload,
                golden(example.file() + ".text.json")))
        .isEqualTo(example.event());
  }

  @ParameterizedTest
  @MethodSource("goldenPayloads")
  void everyVersionThatEverWasIsStillReadWithAndWithoutItsText(Path file) throws IOException {
    var named = payload(file);
    assertThat(named.matches()).isTrue();
    var type = named.group("type");
    int version = Integer.parseInt(named.group("version"));
    var text = golden(file.getFileName().toString().replace(".payload.json", ".text.json"));
    var payload = Files.readAllBytes(file);
    assertThat(json.read(type, version, payload, text)).isNotNull();
    var erased = json.read(type, version, payload, null);
    assertThat(json.write(erased).text()).isNull();
  }

  private static void propose(String name, byte @Nullable [] bytes) throws IOException {
    var proposal = Path.of("target", "golden", name);
    Files.createDirectories(proposal.getParent());
    if (bytes == null) {
      Files.deleteIfExists(proposal);
    } else {
      Files.write(proposal, bytes);
    }
  }

  private static void compared(String name, byte @Nullable [] bytes) throws IOException {
    assertThat(bytes)
        .describedAs("A new event version adds its bytes: copy target/golden/%s", name)
        .isEqualTo(golden(name));
  }

  private static byte @Nullable [] golden(String name) throws IOException {
    var file = GOLDEN.resolve(name);
    return Files.exists(file) ? Files.readAllBytes(file) : null;
  }

  private static Matcher payload(Path file) {
    return PAYLOAD.matcher(file.getFileName().toString());
  }
}
