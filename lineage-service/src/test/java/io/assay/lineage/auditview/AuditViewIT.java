package io.assay.lineage.auditview;

import static io.assay.lineage.testing.Road.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EntityId;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.lineage.auditview.AuditRows.Search;
import io.assay.lineage.auditview.AuditRows.Stored;
import io.assay.lineage.testing.LineageFixture;
import io.assay.lineage.testing.Road;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditViewIT {

  private static final List<String> TABLES =
      List.of("audit.occurrence", "audit.mention", "audit.part");

  private final LineageFixture fixture = new LineageFixture();
  private final Road road = new Road();
  private final AuditView view = fixture.bean(AuditView.class);
  private final AuditRows rows = fixture.bean(AuditRows.class);

  @BeforeEach
  void theRoadIsProjected() {
    fixture.append("default", road.events());
    fixture.catchUp(view, 0);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theTrailOfAModelHoldsWhatHangsOnItsVersions() {
    assertThat(types(trail(road.model)))
        .contains(
            "SystemRegistered",
            "ModelRegistered",
            "RunStarted",
            "DatasetRegistered",
            "DatasetVersionRegistered",
            "ModelVersionBiasEvaluated",
            "PromotionDecided",
            "ApprovalRequested",
            "ApprovalGiven",
            "PolicyVersionDrafted",
            "ModelVersionPromoted",
            "DeploymentObserved");
  }

  @Test
  void theTrailOfAModelLeavesOutItsNeighbours() {
    var found = trail(road.model);
    assertThat(types(found)).filteredOn("RunStarted"::equals).hasSize(1);
    assertThat(types(found)).filteredOn("DatasetVersionRegistered"::equals).hasSize(1);
    assertThat(types(found)).filteredOn("ModelRegistered"::equals).hasSize(1);
  }

  @Test
  void pagesAreOfOneMomentWhateverIsWrittenMeanwhile() {
    long pinned = fixture.log().head();
    var seen = new ArrayList<Long>();
    long after = -1;
    while (true) {
      var page = rows.find(search(road.model, after, pinned, 3));
      if (page.isEmpty()) {
        break;
      }
      page.forEach(event -> seen.add(event.position()));
      after = page.getLast().position();
      var written = fixture.append("default", List.of(new ModelArchived(road.model, null)));
      fixture.catchUp(view, written.firstPosition());
    }
    assertThat(seen)
        .isSorted()
        .doesNotHaveDuplicates()
        .isEqualTo(positions(rows.find(search(road.model, -1, pinned, 1_000))));
    assertThat(rows.find(search(road.model, -1, fixture.log().head(), 1_000)))
        .hasSizeGreaterThan(seen.size());
  }

  @Test
  void asOfAnInstantRegardsWhatWasRecordedUpToIt() {
    var third = fixture.log().event(2).orElseThrow();
    assertThat(rows.countUpTo(third.recordedAt())).isGreaterThanOrEqualTo(3);
    assertThat(rows.countUpTo(third.recordedAt().minusSeconds(3_600))).isZero();
    assertThat(types(rows.find(search(road.model, -1, 7, 1_000))))
        .contains("ModelRegistered", "SystemRegistered")
        .doesNotContain("RunStarted", "DeploymentObserved");
  }

  @Test
  void anErasedTextIsNowhereInTheViewNorInItsAnswers() {
    long approved =
        trail(road.model).stream()
            .filter(event -> utf8(event.envelope()).contains("ApprovalGiven"))
            .findFirst()
            .orElseThrow()
            .position();
    assertThat(utf8(rows.at("default", approved).orElseThrow().text())).contains("Zoë");
    TABLES.forEach(table -> assertThat(fixture.rows(table).toString()).doesNotContain("Zoë"));
    fixture.erase(approved);
    fixture.catchUp(view, approved + 1);
    var erased = rows.at("default", approved).orElseThrow();
    assertThat(erased.text()).isNull();
    assertThat(erased.erased()).isTrue();
    assertThat(types(trail(road.model))).endsWith("ErasureOrdered");
  }

  @Test
  void typesAndActorsAreFoundInManyBlocksPageByPage() {
    long from = fixture.log().head();
    var byOthers = new ArrayList<Long>();
    var expected = new ArrayList<Long>();
    for (int i = 0; i < 4 * AuditRows.BLOCK; i++) {
      boolean rare = i % 50 == 7;
      var written =
          fixture.append(
              i % 11 == 3 ? "other" : "default",
              rare ? "rare" : "actor-1",
              List.of(new ModelArchived(road.model, null)));
      if (rare && i % 11 != 3) {
        expected.add(written.lastPosition());
      }
      if (i % 11 == 3) {
        byOthers.add(written.lastPosition());
      }
    }
    fixture.catchUp(view, from);

    assertThat(pages(null, "rare", null)).isEqualTo(expected);
    assertThat(pages(null, "rare", "ModelArchived")).isEqualTo(expected);
    assertThat(pages(null, "rare", "ModelRegistered")).isEmpty();
    assertThat(pages(null, "nobody", null)).isEmpty();
    assertThat(pages(null, null, "ModelArchived"))
        .hasSize(4 * AuditRows.BLOCK - byOthers.size())
        .doesNotContainAnyElementsOf(byOthers)
        .isSorted();
    assertThat(pages(null, null, null))
        .hasSize((int) (fixture.log().head() - byOthers.size()))
        .isSorted();
    assertThat(pages(key(road.model), "rare", "ModelArchived")).isEqualTo(expected);
  }

  @Test
  void timesBoundWhatIsFound() {
    var third = fixture.log().event(2).orElseThrow().recordedAt();
    var none = third.minusSeconds(3_600);
    assertThat(positions(rows.find(between(third, null)))).startsWith(2L);
    assertThat(positions(rows.find(between(null, third)))).containsExactly(0L, 1L);
    assertThat(positions(rows.find(between(null, none)))).isEmpty();
  }

  @Test
  void whatKeepsANameFromBeingUsedTwiceIsNoEntity() {
    assertThat(
            rows.find(
                new Search(
                    "default", "name:model", null, null, null, null, -1, Long.MAX_VALUE, 10)))
        .isEmpty();
  }

  @Test
  void anotherWorkspaceSeesNothing() {
    assertThat(rows.at("other", 0)).isEmpty();
    assertThat(
            rows.find(new Search("other", null, null, null, null, null, -1, Long.MAX_VALUE, 1_000)))
        .isEmpty();
  }

  @Test
  void replayEqualsLive() {
    fixture.erase(0);
    fixture.catchUp(view, road.events().size());
    var live = TABLES.stream().map(fixture::rows).toList();
    fixture.reset(view);
    assertThat(fixture.rows("audit.occurrence")).isEmpty();
    fixture.catchUp(view, 0);
    assertThat(TABLES.stream().map(fixture::rows).toList()).isEqualTo(live);
  }

  private List<Long> pages(@Nullable String entity, @Nullable String actor, @Nullable String type) {
    var seen = new ArrayList<Long>();
    long after = -1;
    while (true) {
      var page =
          positions(
              rows.find(
                  new Search(
                      "default", entity, actor, type, null, null, after, Long.MAX_VALUE, 60)));
      seen.addAll(page);
      if (page.size() < 60) {
        return seen;
      }
      after = page.getLast();
    }
  }

  private static Search between(@Nullable Instant from, @Nullable Instant to) {
    return new Search("default", null, null, null, from, to, -1, Long.MAX_VALUE, 1_000);
  }

  private List<Stored> trail(EntityId entity) {
    return rows.find(search(entity, -1, Long.MAX_VALUE, 1_000));
  }

  private static Search search(EntityId entity, long after, long pinned, int limit) {
    return new Search("default", key(entity), null, null, null, null, after, pinned, limit);
  }

  private static List<Long> positions(List<Stored> events) {
    return events.stream().map(Stored::position).toList();
  }

  private static List<String> types(List<Stored> events) {
    return events.stream()
        .map(event -> utf8(event.envelope()).replaceAll(".*\"type\":\"(\\w+)\".*", "$1"))
        .toList();
  }

  private static String utf8(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
