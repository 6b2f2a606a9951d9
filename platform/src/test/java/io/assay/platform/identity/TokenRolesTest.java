package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.platform.sample.SampleService;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenRolesTest {

  private static final String PATH = "/api/v1/samples/whoami";

  private static SampleService service;

  @BeforeAll
  static void start() {
    service =
        new SampleService(
            Map.of(
                "assay.identity.group-roles./MLOps/Validators", "auditor",
                "assay.identity.group-roles./mlops/blue", "auditor@blue,ml-engineer@green",
                "assay.identity.roles-claims",
                    "realm_access.roles,https://issuer.example/roles,app.roles"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void a_role_held_through_the_group_of_a_workspace_counts_there_only() {
    var token = groups("/workspaces/blue/auditor");
    assertThat(status(token, "blue")).isEqualTo(200);
    assertThat(status(token, "red")).isEqualTo(404);
    assertThat(status(token, null)).isEqualTo(403);
    assertThat(status(groups("/workspaces/default/auditor"), null)).isEqualTo(200);
  }

  @Test
  void a_role_of_one_workspace_is_none_in_another_that_the_bearer_belongs_to() {
    assertThat(status(groups("/workspaces/blue/auditor", "/workspaces/red"), "red")).isEqualTo(403);
  }

  @Test
  void a_role_of_the_token_itself_counts_wherever_its_bearer_belongs() {
    var token =
        service.issuer.sign(
            service
                .issuer
                .claims("ada", "auditor")
                .claim("groups", List.of("/workspaces/blue"))
                .build());
    assertThat(status(token, "blue")).isEqualTo(200);
    assertThat(status(token, null)).isEqualTo(200);
    assertThat(status(token, "red")).isEqualTo(404);
  }

  @Test
  void a_group_of_another_issuer_gives_the_role_that_it_is_mapped_to() {
    assertThat(status(groups("/MLOps/Validators"), null)).isEqualTo(200);
    assertThat(status(groups("/mlops/validators"), null)).isEqualTo(403);
  }

  @Test
  void a_mapping_can_name_the_workspace_in_which_the_role_counts() {
    var token = groups("/mlops/blue");
    assertThat(status(token, "blue")).isEqualTo(200);
    assertThat(status(token, "green")).isEqualTo(200);
    assertThat(status(token, null)).isEqualTo(403);
    assertThat(status(token, "red")).isEqualTo(404);
  }

  @Test
  void roles_stand_in_any_claim_that_is_configured() {
    assertThat(status(claim("https://issuer.example/roles", List.of("auditor")), null))
        .isEqualTo(200);
    assertThat(status(claim("app", Map.of("roles", List.of("auditor"))), null)).isEqualTo(200);
    assertThat(status(claim("app", Map.of("roles", "auditor")), null)).isEqualTo(200);
    assertThat(status(claim("roles", List.of("auditor")), null)).isEqualTo(403);
  }

  @Test
  void no_group_makes_a_service() {
    assertThat(status(groups("/workspaces/default/service"), null)).isEqualTo(403);
    assertThatThrownBy(
            () -> new SampleService(Map.of("assay.identity.group-roles./all", "service")))
        .hasStackTraceContaining("cannot give the role service");
  }

  @Test
  void what_only_looks_like_the_group_of_a_workspace_gives_nothing() {
    for (var group :
        List.of(
            "/workspaces/blue/auditor/x",
            "/x/workspaces/blue/auditor",
            "workspaces/blue/auditor",
            "/workspaces//auditor",
            "/workspaces/*/auditor")) {
      assertThat(status(groups(group), "blue")).as(group).isIn(403, 404);
    }
  }

  private static String groups(String... groups) {
    return service.issuer.sign(
        service.issuer.claims("ada").claim("groups", List.of(groups)).build());
  }

  private static String claim(String name, Object value) {
    return service.issuer.sign(service.issuer.claims("ada").claim(name, value).build());
  }

  private static int status(String token, @Nullable String workspace) {
    var request =
        HttpRequest.newBuilder(service.uri(PATH)).header("Authorization", "Bearer " + token);
    if (workspace != null) {
      request.header("Assay-Workspace", workspace);
    }
    return service.send(request.build()).statusCode();
  }
}
