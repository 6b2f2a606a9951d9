package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearseIT {

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @Test
  void aRehearsalPlaysTheRoadAndLeavesNothingBehind() throws Exception {
    var before = left();
    assertThat(new Rehearse().call()).isZero();
    assertThat(left()).isEqualTo(before);
  }

  private static List<Path> left() throws IOException {
    try (var files = Files.list(TEMPORARY)) {
      return files.filter(file -> file.getFileName().toString().contains("rehearsal")).toList();
    }
  }
}
