package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeycloakTest {

  @TempDir Path folder;

  @Test
  void aServerThatWasLeftBehindIsStopped() throws Exception {
    var data = new DataFolder(folder);
    var left = leftBehind(data, true);
    try {
      Keycloak.stopLeftBehind(data);
      assertThat(left.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(data.keycloak().resolve("pid")).doesNotExist();
    } finally {
      left.destroyForcibly();
    }
  }

  @Test
  void anotherProgramThatHasItsNumberByNowIsLeftAlone() throws Exception {
    var data = new DataFolder(folder);
    var other = leftBehind(data, false);
    try {
      Keycloak.stopLeftBehind(data);
      assertThat(other.isAlive()).isTrue();
      assertThat(data.keycloak().resolve("pid")).doesNotExist();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void theRealmsFilesHoldNoSecret() throws IOException {
    for (var file : List.of("assay-realm.json", "assay-development.json")) {
      var found = new ArrayList<String>();
      secrets(read(file), found);
      assertThat(found).as(file).isNotEmpty().allMatch(value -> value.matches("\\$\\{[A-Z_]+}"));
    }
  }

  @Test
  void onlyTheDevelopmentFileHasPeople() throws IOException {
    assertThat(read("assay-realm.json").path("users"))
        .isNotEmpty()
        .allSatisfy(user -> assertThat(user.has("serviceAccountClientId")).isTrue());
  }

  @Test
  void noClientExchangesAPasswordAndOnlyTheConsoleSignsPeopleIn() throws IOException {
    for (var client : read("assay-realm.json").path("clients")) {
      var id = client.path("clientId").asText();
      assertThat(client.path("directAccessGrantsEnabled").asBoolean()).as(id).isFalse();
      assertThat(client.path("implicitFlowEnabled").asBoolean()).as(id).isFalse();
      assertThat(client.path("standardFlowEnabled").asBoolean())
          .as(id)
          .isEqualTo(id.equals("assay-console"));
      assertThat(client.path("publicClient").asBoolean())
          .as(id)
          .isEqualTo(id.equals("assay-console"));
    }
  }

  private static Process leftBehind(DataFolder data, boolean itself) throws IOException {
    data.create();
    Files.createDirectories(data.keycloak());
    var process = new ProcessBuilder("sleep", "600").start();
    var started = process.info().startInstant().orElseThrow();
    Files.writeString(
        data.keycloak().resolve("pid"),
        process.pid() + " " + (itself ? started : started.minusSeconds(3600)));
    return process;
  }

  private static void secrets(JsonNode node, List<String> into) {
    for (var member : node.properties()) {
      if (member.getKey().equals("secret") || member.getKey().equals("value")) {
        into.add(member.getValue().asText());
      }
    }
    for (var child : node) {
      secrets(child, into);
    }
  }

  private static JsonNode read(String file) throws IOException {
    try (InputStream stream = KeycloakTest.class.getResourceAsStream("/keycloak/" + file)) {
      return new ObjectMapper().readTree(stream);
    }
  }
}
