package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

  private final RouteTable table = new RouteTable();

  @ParameterizedTest
  @CsvSource({
    "/api/v1/datasets, registry",
    "/api/v1/models/credit%20risk/versions/1/promotions, registry",
    "/api/v1/models/m/versions/1/artifacts/weights/layer-1/w.bin, registry",
    "/api/v1/promotions/6f1c2f9e-0000-4000-8000-000000000000, registry",
    "/api/v1/registry/views, registry",
    "/api/v1/policies/p/versions/2/impact, policy",
    "/api/v1/approval-requests/x/approvals, policy",
    "/api/v1/decisions/x, policy",
    "/api/v1/policy/views, policy",
    "/api/v1/lineage, lineage",
    "/api/v1/lineage/views, lineage",
    "/api/v1/audit/events, lineage",
    "/api/v1/log, lineage"
  })
  void every_described_path_has_its_service(String path, String service) {
    assertThat(table.route(path)).get().extracting(Route::service).isEqualTo(service);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/promotions/x/decisions",
        "/api/v1",
        "/api/v1/secrets",
        "/api/v1/models/m/versions/1/artifacts",
        "/api/v1/models/m/versions/1/nothing",
        "/api/v2/models",
        "/health/ready",
        "/metrics"
      })
  void what_is_not_described_or_is_internal_has_none(String path) {
    assertThat(table.route(path)).isEmpty();
  }

  @Test
  void only_artifacts_are_bytes_of_any_size() {
    assertThat(table.routes().stream().filter(Route::bytes))
        .allMatch(route -> route.segments().contains("artifacts"))
        .isNotEmpty();
  }
}
