package io.assay.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is published never changes: a changed record needs a new version and a new schema. */
class PublishedSchemasTest {

  static List<Class<? extends Event>> events() {
    return AssayEvents.ALL;
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventHasExactlyThePublishedSchema(Class<? extends Event> event) throws IOException {
    var declared = event.getAnnotation(EventType.class);
    var name = declared.name() + ".v" + declared.version() + ".json";
    var derived = EventSchemas.of(event);
    var proposal = Path.of("target", "schemas", name);
    Files.createDirectories(proposal.getParent());
    Files.writeString(proposal, derived);
    try (var published = getClass().getResourceAsStream("/schemas/" + name)) {
      assertThat(published)
          .describedAs("A new event publishes its schema: copy target/schemas/%s", name)
          .isNotNull();
      assertThat(derived).isEqualTo(new String(published.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
