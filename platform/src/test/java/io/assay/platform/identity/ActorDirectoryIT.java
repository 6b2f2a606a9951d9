package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.eventlog.Actor;
import io.assay.eventlog.testing.PostgresServer;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ActorDirectoryIT {

  private static PostgresServer.Database database;

  @BeforeAll
  static void start() {
    database = PostgresServer.database();
    DirectoryMigrations.migrate(database.owner());
    DirectoryMigrations.migrate(database.owner());
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void a_subject_has_one_pseudonym_in_every_service() {
    var registry = directory("assay_registry");
    var policy = directory("assay_policy");
    var ada = registry.actor("urn:i", "ada", "Ada", Actor.Kind.PERSON);

    assertThat(UUID.fromString(ada.id())).isNotNull();
    assertThat(policy.actor("urn:i", "ada", "Ada", Actor.Kind.PERSON)).isEqualTo(ada);
    assertThat(registry.actor("urn:other", "ada", "Ada", Actor.Kind.PERSON)).isNotEqualTo(ada);
    assertThat(policy.displayName(ada.id())).hasValue("Ada");
  }

  @Test
  void many_first_sights_at_once_mint_one_pseudonym() {
    var minted =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(
                i ->
                    directory("assay_registry")
                        .actor("urn:i", "crowd", "Crowd", Actor.Kind.SERVICE)
                        .id())
            .distinct()
            .toList();
    assertThat(minted).hasSize(1);
  }

  @Test
  void an_erased_person_leaves_no_name_and_comes_back_as_somebody_else() throws SQLException {
    var before = directory("assay_registry").actor("urn:i", "eve", "Eve", Actor.Kind.PERSON);
    assertThat(query("assay_operator", "SELECT directory.erase('" + before.id() + "')"))
        .isEqualTo("t");

    assertThat(directory("assay_lineage").displayName(before.id())).isEmpty();
    assertThat(directory("assay_registry").actor("urn:i", "eve", "Eve", Actor.Kind.PERSON))
        .isNotEqualTo(before);
  }

  @Test
  void a_service_reaches_the_functions_and_not_the_table() {
    assertThatThrownBy(() -> query("assay_registry", "SELECT count(*) FROM directory.actor"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> query("assay_registry", "SELECT directory.erase(gen_random_uuid())"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(
            () -> query("assay_audit", "SELECT directory.actor_id('i', 's', 'n', 'person')"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void an_unknown_id_has_no_name() {
    assertThat(directory("assay_policy").displayName(UUID.randomUUID().toString())).isEmpty();
    assertThat(directory("assay_policy").displayName("policy")).isEmpty();
  }

  private static ActorDirectory directory(String role) {
    return new PostgresActorDirectory(database.as(role));
  }

  private static String query(String role, String sql) throws SQLException {
    try (var connection = database.as(role).getConnection();
        var rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
