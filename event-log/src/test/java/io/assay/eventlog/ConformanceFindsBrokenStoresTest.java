package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.EngineFilter.includeEngines;

import io.assay.eventlog.testing.EventLogConformance;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit itself is worth nothing unless it fails where a store is broken. */
class ConformanceFindsBrokenStoresTest {

  @Test
  void aStoreThatSeldomDropsAnEventFails() {
    assertThat(failures(BrokenStores.Drops.class))
        .contains("aReaderWhoReadsAlongSeesEveryPositionOnceInOrder()", "replayEqualsLive()");
  }

  @Test
  void aStoreThatSeldomReordersEventsFails() {
    assertThat(failures(BrokenStores.Reorders.class))
        .contains(
            "aReaderWhoReadsAlongSeesEveryPositionOnceInOrder()",
            "theEventsOfAnAppendStandTogetherInTheirOrder()");
  }

  @Test
  void aStoreThatSeldomDuplicatesAnEventFails() {
    assertThat(failures(BrokenStores.Duplicates.class))
        .contains(
            "aReaderWhoReadsAlongSeesEveryPositionOnceInOrder()",
            "theEventsOfAnAppendStandTogetherInTheirOrder()");
  }

  @Test
  void aStoreThatOverlooksTheEventExactlyAtTheMarkerFails() {
    assertThat(failures(BrokenStores.OverlooksTheMarker.class))
        .contains(
            "anEventExactlyAtASourcedMarkerConflicts()",
            "anEventExactlyAtACachedMarkerConflicts()");
  }

  @Test
  void aStoreThatSeesAConflictBeforeTheMarkerFails() {
    assertThat(failures(BrokenStores.ConflictsTooEarly.class))
        .contains("anEventBeforeTheMarkerDoesNotConflict()");
  }

  @Test
  void aStoreThatIgnoresGuardsFails() {
    assertThat(failures(BrokenStores.IgnoresGuards.class))
        .contains("ofAppendsThatExcludeEachOtherExactlyOneWins()");
  }

  @Test
  void aStoreThatMixesWorkspacesFails() {
    assertThat(failures(BrokenStores.MixesWorkspaces.class))
        .containsExactly(
            "positionsAreThoseOfTheEventsOfATypeThatBearATag()",
            "tagsOfAnotherWorkspaceNeitherConflictNorAreFound()");
  }

  private static Set<String> failures(Class<? extends EventLogConformance> store) {
    var failed = new TreeSet<String>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(store))
                .filters(includeEngines("junit-jupiter"))
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() && result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                  failed.add(test.getLegacyReportingName());
                }
              }
            });
    return failed;
  }
}
