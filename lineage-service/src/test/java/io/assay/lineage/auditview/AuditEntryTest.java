package io.assay.lineage.auditview;

import static io.assay.lineage.testing.Road.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.lineage.auditview.AuditEntry.Part;
import io.assay.lineage.testing.Road;
import org.junit.jupiter.api.Test;

class AuditEntryTest {

  private final Road road = new Road();

  @Test
  void anEventMentionsTheIdsInItsPayloadToo() {
    assertThat(of("RunStarted").mentions()).contains(key(road.run), key(road.datasetVersion));
    assertThat(of("ModelVersionRegistered").mentions())
        .contains(key(road.version), key(road.model), key(road.run));
  }

  @Test
  void whatIsApprovedHoldsItsApprovalRequest() {
    assertThat(of("ApprovalRequested").parts())
        .containsExactly(new Part(key(road.promotion), key(road.approvalRequest)));
  }

  @Test
  void everyEventOfTheRoadHasASubjectOfAKnownKind() {
    assertThat(road.recorded())
        .allSatisfy(
            event ->
                assertThat(AuditEntry.of(event).subject())
                    .matches("[a-z-]+:[0-9a-f-]{36}")
                    .isIn(AuditEntry.of(event).mentions()));
  }

  private AuditEntry of(String type) {
    return road.recorded().stream()
        .filter(event -> event.type().equals(type))
        .findFirst()
        .map(AuditEntry::of)
        .orElseThrow();
  }
}
