package io.assay.lineage.lineagegraph;

import static io.assay.lineage.testing.Road.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EntityId;
import io.assay.lineage.lineagegraph.GraphWalk.Direction;
import io.assay.lineage.testing.LineageFixture;
import io.assay.lineage.testing.Road;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LineageGraphIT {

  private static final List<String> TABLES =
      List.of("lineage.node", "lineage.edge", "lineage.basis", "lineage.node_state");

  private final LineageFixture fixture = new LineageFixture();
  private final Road road = new Road();
  private LineageGraphProjection projection;
  private GraphWalk walk;

  @BeforeAll
  void theRoadIsProjected() {
    projection = fixture.bean(LineageGraphProjection.class);
    walk = fixture.bean(GraphWalk.class);
    fixture.append("default", road.events());
    fixture.catchUp(projection, 0);
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void theDeploymentIsReachedFromTheDatasetVersion() {
    assertThat(reached(road.datasetVersion, 10, Direction.DOWN))
        .contains(
            key(road.run),
            key(road.version),
            key(road.biasEvaluation),
            key(road.promotion),
            key(road.permit),
            key(road.deployment));
  }

  @Test
  void whatADeploymentCameFromIsReachedUpwards() {
    assertThat(reached(road.deployment, 10, Direction.UP))
        .contains(
            key(road.promotion),
            key(road.permit),
            key(road.biasEvaluation),
            key(road.policyVersion),
            key(road.version),
            key(road.model),
            key(road.system),
            key(road.run),
            key(road.datasetVersion),
            key(road.dataset));
  }

  @Test
  void aWalkUpNeverTurnsDownToSiblings() {
    assertThat(reached(road.version, 10, Direction.UP))
        .doesNotContain(
            key(road.otherVersion),
            key(road.otherModel),
            key(road.otherRun),
            key(road.otherDatasetVersion),
            key(road.promotion));
  }

  @Test
  void bothDirectionsAreTwoWalksAndNotOneThatTurns() {
    assertThat(reached(road.version, 10, Direction.UP, Direction.DOWN))
        .contains(key(road.dataset), key(road.deployment))
        .doesNotContain(key(road.otherVersion), key(road.otherRun));
  }

  @Test
  void aWalkEndsAtItsDepthAndSaysThatThereIsMore() {
    var graph = walk("default", road.datasetVersion, 1, Long.MAX_VALUE, Direction.DOWN);
    assertThat(graph.nodes())
        .extracting(Graph.Node::key)
        .contains(key(road.run))
        .doesNotContain(key(road.version));
    assertThat(graph.truncated()).isTrue();
    assertThat(walk("default", road.datasetVersion, 10, Long.MAX_VALUE, Direction.DOWN).truncated())
        .isFalse();
  }

  @Test
  void theDecisionThatPermittedLeadsToTheDeploymentAndThePendingOneDoesNot() {
    assertThat(reached(road.permit, 10, Direction.DOWN)).contains(key(road.deployment));
    assertThat(reached(road.pending, 10, Direction.DOWN)).containsExactly(key(road.pending));
  }

  @Test
  void theGraphAsOfAPositionIsTheOneOfThen() {
    var then = walk("default", road.version, 10, Road.BIAS_EVALUATED_AT + 1, Direction.DOWN);
    assertThat(then.nodes())
        .extracting(Graph.Node::key)
        .containsExactly(key(road.version), key(road.biasEvaluation));
  }

  @Test
  void whateverHasAnIdIsFoundByTheIdAlone() {
    var keys =
        fixture
            .rows(
                "(select key from lineage.node where workspace = 'default' and key ~ ':[0-9a-f-]{36}$')")
            .stream()
            .map(row -> row.substring(1, row.length() - 1))
            .toList();
    assertThat(keys).extracting(key -> key.split(":")[0]).contains("decision", "dataset-version");
    assertThat(keys)
        .allSatisfy(key -> assertThat(walk.keyOf("default", key.split(":")[1])).hasValue(key));
  }

  @Test
  void anotherWorkspaceSeesNothing() {
    assertThat(
            walk.walk(
                "other", key(road.version), EnumSet.allOf(Direction.class), 10, Long.MAX_VALUE))
        .isEmpty();
  }

  @Test
  void namesAndNumbersAreShownAndHowThingsStand() {
    var graph = walk("default", road.deployment, 10, Long.MAX_VALUE, Direction.UP);
    var names =
        walk.names(
            graph.nodes().stream()
                .map(Graph.Node::namePosition)
                .filter(java.util.Objects::nonNull)
                .toList());
    assertThat(graph.nodes())
        .extracting(node -> NodeLabel.of(node, names))
        .contains(
            "compas",
            "compas v1",
            "recidivism v1",
            "courts",
            "deployment in production · observed",
            "promotion to production · permitted",
            "bias by race");
  }

  @Test
  void anyOrderAndRepetitionOfTheEventsGivesTheSameGraph() {
    var live = TABLES.stream().map(fixture::rows).toList();
    var random = new Random(20260131);
    for (int round = 0; round < 8; round++) {
      var events = new ArrayList<>(fixture.log().read(0, Integer.MAX_VALUE));
      for (int again = 0; again < 5; again++) {
        events.add(events.get(random.nextInt(events.size())));
      }
      Collections.shuffle(events, random);
      fixture.reset(projection);
      assertThat(fixture.rows("lineage.node")).isEmpty();
      fixture.project(projection, events);
      assertThat(TABLES.stream().map(fixture::rows).toList()).isEqualTo(live);
    }
  }

  @Test
  void anErasedNameIsNoLongerShownThoughNothingWasRebuilt() {
    var named = new Road();
    long first = fixture.append("erasing", named.events().subList(0, 1)).firstPosition();
    fixture.catchUp(projection, first);
    var before = walk("erasing", named.dataset, 1, Long.MAX_VALUE, Direction.UP).nodes().getFirst();
    assertThat(NodeLabel.of(before, walk.names(List.of(first)))).isEqualTo("compas");
    fixture.erase(first);
    assertThat(NodeLabel.of(before, walk.names(List.of(first)))).startsWith("dataset ");
  }

  private List<String> reached(EntityId root, int depth, Direction... directions) {
    return walk("default", root, depth, Long.MAX_VALUE, directions).nodes().stream()
        .map(Graph.Node::key)
        .toList();
  }

  private Graph walk(
      String workspace, EntityId root, int depth, long before, Direction... directions) {
    return walk.walk(workspace, key(root), Set.of(directions), depth, before).orElseThrow();
  }
}
