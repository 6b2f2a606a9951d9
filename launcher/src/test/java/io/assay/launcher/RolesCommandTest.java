package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RolesCommandTest {

  @Test
  void thePageIsUpToDate() throws IOException {
    assertThat(Files.readString(Path.of("../docs/roles.md")))
        .as("renew it: ./assay roles > docs/roles.md")
        .isEqualTo(RolesCommand.page());
  }
}
