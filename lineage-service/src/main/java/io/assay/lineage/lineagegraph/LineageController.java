package io.assay.lineage.lineagegraph;

import io.assay.eventlog.EventLog;
import io.assay.lineage.AsOf;
import io.assay.lineage.ViewReads;
import io.assay.lineage.api.LineageApi;
import io.assay.lineage.api.model.LineageDirection;
import io.assay.lineage.api.model.LineageEdge;
import io.assay.lineage.api.model.LineageGraph;
import io.assay.lineage.api.model.LineageNode;
import io.assay.lineage.lineagegraph.GraphWalk.Direction;
import io.assay.platform.identity.Invocations;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.platform.view.Views;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers what a thing came from, and what came of it. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class LineageController implements LineageApi {

  private static final int DEFAULT_DEPTH = 10;

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final GraphWalk walk;
  private final ViewReads reads;
  private final Views views;
  private final EventLog log;
  private final Invocations invocations;

  LineageController(
      GraphWalk walk, ViewReads reads, Views views, EventLog log, Invocations invocations) {
    this.walk = walk;
    this.reads = reads;
    this.views = views;
    this.log = log;
    this.invocations = invocations;
  }

  @Override
  public LineageGraph getLineage(
      String node,
      @Nullable LineageDirection direction,
      @Nullable Integer depth,
      @Nullable String asOf) {
    var workspace = invocations.current().workspace();
    reads.await(LineageGraphProjection.NAME);
    reads.requireComplete(LineageGraphProjection.NAME);
    long regarded =
        Math.min(
            AsOf.count(asOf, walk::countUpTo),
            views.progress().stream()
                .filter(view -> view.view().equals(LineageGraphProjection.NAME))
                .mapToLong(Views.Progress::position)
                .findFirst()
                .orElse(0));
    var root = UUID.matcher(node).matches() ? walk.keyOf(workspace, node).orElse(node) : node;
    var graph =
        walk.walk(
                workspace,
                root,
                directions(direction),
                depth == null ? DEFAULT_DEPTH : depth,
                regarded)
            .orElseThrow(
                () -> new ProblemException(Rejection.notFound("node " + node + " in the graph")));
    return answer(root, graph, regarded);
  }

  private static Set<Direction> directions(@Nullable LineageDirection direction) {
    return switch (direction == null ? LineageDirection.BOTH : direction) {
      case UPSTREAM -> EnumSet.of(Direction.UP);
      case DOWNSTREAM -> EnumSet.of(Direction.DOWN);
      case BOTH -> EnumSet.allOf(Direction.class);
    };
  }

  private LineageGraph answer(String root, Graph graph, long regarded) {
    var names =
        walk.names(
            graph.nodes().stream()
                .map(Graph.Node::namePosition)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
    List<LineageNode> nodes = graph.nodes().stream().map(node -> node(node, names)).toList();
    List<LineageEdge> edges =
        graph.edges().stream()
            .map(edge -> new LineageEdge(edge.from(), edge.to(), edge.kind(), edge.position()))
            .toList();
    return new LineageGraph(root, nodes, edges, graph.truncated(), regarded);
  }

  private static LineageNode node(Graph.Node node, Map<Long, String> names) {
    var answer =
        new LineageNode(
            node.key(),
            node.kind(),
            node.id(),
            NodeLabel.of(node, names),
            node.position(),
            node.recordedAt().atOffset(ZoneOffset.UTC));
    var href = href(node);
    return href == null ? answer : answer.href(href);
  }

  private static @Nullable String href(Graph.Node node) {
    var whole =
        node.namedBy() == null ? "" : node.namedBy().substring(node.namedBy().indexOf(':') + 1);
    return switch (node.kind()) {
      case "dataset" -> "/api/v1/datasets/" + node.id();
      case "dataset-version" -> "/api/v1/datasets/" + whole + "/versions/" + node.id();
      case "run" -> "/api/v1/runs/" + node.id();
      case "system" -> "/api/v1/systems/" + node.id();
      case "model" -> "/api/v1/models/" + node.id();
      case "version" -> "/api/v1/models/" + whole + "/versions/" + node.id();
      case "promotion" -> "/api/v1/promotions/" + node.id();
      case "decision" -> "/api/v1/decisions/" + node.id();
      case "approval-request" -> "/api/v1/approval-requests/" + node.id();
      case "deployment" -> "/api/v1/deployments/" + node.id();
      case "policy" -> "/api/v1/policies/" + node.id();
      case "policy-version" -> "/api/v1/policies/" + whole + "/versions/" + node.id();
      default -> null;
    };
  }
}
