package io.assay.lineage.auditview;

import static io.assay.lineage.testing.Road.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.auditview.AuditEntry.Part;
import io.assay.lineage.testing.Road;
import org.junit.jupiter.api.Test;

class AuditEntryTest {

  private final Road road = new Road();

  @Test
  void anEventMentionsTheIdsInItsPayloadThatItBearsNoTagOf() {
    assertThat(of("RunStarted").mentions()).containsExactly(key(road.datasetVersion));
    assertThat(of("ModelVersionRegistered").mentions()).containsExactly(key(road.run));
  }

  @Test
  void aVersionWithoutARunAddsNothingToWhatTheLogTells() {
    var registered =
        road.recorded().stream()
            .filter(event -> event.event() instanceof ModelVersionRegistered)
            .findFirst()
            .orElseThrow();
    var event = (ModelVersionRegistered) registered.event();
    var entry =
        AuditEntry.of(
            new RecordedEvent(
                registered.position(),
                registered.id(),
                registered.type(),
                registered.version(),
                new ModelVersionRegistered(
                    event.version(),
                    event.model(),
                    null,
                    event.artifacts(),
                    event.manifestDigest(),
                    null),
                registered.metadata(),
                registered.recordedAt(),
                registered.writer(),
                registered.tags(),
                registered.leaf()));
    assertThat(entry.mentions()).isEmpty();
    assertThat(entry.parts()).isEmpty();
    assertThat(entry.subject()).isEqualTo(key(road.version));
  }

  @Test
  void everyTypeTellsItsSubjectButTheRefusalOfAnAccess() {
    assertThat(EventCatalogue.assay().entries())
        .extracting(EventCatalogue.Entry::type)
        .filteredOn(type -> !AuditEntry.SUBJECTS.containsKey(type))
        .containsExactly("AccessRefused");
  }

  @Test
  void whatIsApprovedHoldsItsApprovalRequest() {
    assertThat(of("ApprovalRequested").parts())
        .containsExactly(new Part(key(road.promotion), key(road.approvalRequest)));
  }

  @Test
  void everyEventOfTheRoadHasASubjectAmongItsTags() {
    assertThat(road.recorded())
        .allSatisfy(
            event ->
                assertThat(event.tags())
                    .filteredOn(tag -> tag.key().equals(AuditEntry.SUBJECTS.get(event.type())))
                    .extracting(Tag::toString)
                    .containsExactly(AuditEntry.of(event).subject()));
  }

  private AuditEntry of(String type) {
    return road.recorded().stream()
        .filter(event -> event.type().equals(type))
        .findFirst()
        .map(AuditEntry::of)
        .orElseThrow();
  }
}
