package io.assay.console;

import io.assay.client.lineage.model.LineageEdge;
import io.assay.client.lineage.model.LineageGraph;
import io.assay.client.lineage.model.LineageNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * A graph laid out in layers from left to right, whatever came first further left, by Eclipse ELK.
 *
 * <p>At most {@value #MOST} nodes are drawn, the nearest to the root, and of one kind beside one
 * node the {@value #MOST_ALIKE} newest: more can neither be read nor laid out while somebody waits.
 *
 * @param truncated the service had more than it gave
 * @param undrawn how many nodes are left out here, by kind
 */
public record LineagePicture(
    int width,
    int height,
    List<Box> boxes,
    List<Line> lines,
    boolean truncated,
    Map<String, Long> undrawn) {

  static final int MOST = 60;

  /** Of one kind beside one node: a few of a model's versions, not all of them. */
  static final int MOST_ALIKE = 8;

  private static final int BOX_WIDTH = 208;
  private static final int BOX_HEIGHT = 54;
  private static final int MARGIN = 16;

  /** What fits into a box: of the label, which is bold, and of the smaller heading. */
  private static final int LABEL_LETTERS = 22;

  private static final int HEADING_LETTERS = 30;

  static {
    LayoutMetaDataService.getInstance()
        .registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
  }

  /**
   * A node.
   *
   * @param heading its kind and state, cut to fit
   * @param title all of it
   * @param label its name, cut to fit
   * @param href the page about it
   * @param style the class that colours it
   */
  public record Box(
      int x, int y, String heading, String title, String label, String href, String style) {}

  /** An edge as a path of SVG. */
  public record Line(String path, String kind) {}

  static LineagePicture empty() {
    return new LineagePicture(0, 0, List.of(), List.of(), false, Map.of());
  }

  static LineagePicture of(LineageGraph graph) {
    var drawn = nearest(graph);
    var undrawn =
        graph.getNodes().stream()
            .filter(node -> !drawn.contains(node))
            .collect(
                Collectors.groupingBy(
                    LineagePicture::kind, LinkedHashMap::new, Collectors.counting()));
    var canvas = canvas();
    var places = new HashMap<String, ElkNode>();
    drawn.forEach(node -> places.put(node.getKey(), place(canvas)));
    var lines = new LinkedHashMap<ElkEdge, String>();
    for (var edge : graph.getEdges()) {
      var from = places.get(edge.getFrom());
      var to = places.get(edge.getTo());
      if (from != null && to != null && !from.equals(to)) {
        lines.put(ElkGraphUtil.createSimpleEdge(from, to), words(edge.getKind()));
      }
    }
    new RecursiveGraphLayoutEngine().layout(canvas, new BasicProgressMonitor());
    return new LineagePicture(
        (int) Math.ceil(canvas.getWidth()),
        (int) Math.ceil(canvas.getHeight()),
        drawn.stream()
            .map(
                node ->
                    box(
                        node,
                        Objects.requireNonNull(places.get(node.getKey())),
                        node.getKey().equals(graph.getRoot())))
            .toList(),
        lines.entrySet().stream().map(line -> line(line.getKey(), line.getValue())).toList(),
        graph.getTruncated(),
        undrawn);
  }

  /** Breadth first from the root; in the order of the log. */
  private static List<LineageNode> nearest(LineageGraph graph) {
    var byKey =
        graph.getNodes().stream().collect(Collectors.toMap(LineageNode::getKey, node -> node));
    var neighbours = new HashMap<String, List<String>>();
    for (LineageEdge edge : graph.getEdges()) {
      neighbours.computeIfAbsent(edge.getFrom(), key -> new ArrayList<>()).add(edge.getTo());
      neighbours.computeIfAbsent(edge.getTo(), key -> new ArrayList<>()).add(edge.getFrom());
    }
    var nearest = new LinkedHashMap<String, LineageNode>();
    var queue = new ArrayDeque<>(List.of(graph.getRoot()));
    while (nearest.size() < MOST && !queue.isEmpty()) {
      var key = queue.remove();
      var node = byKey.get(key);
      if (node != null && nearest.putIfAbsent(key, node) == null) {
        var alike = new HashMap<String, Integer>();
        neighbours.getOrDefault(key, List.of()).stream()
            .flatMap(other -> Stream.ofNullable(byKey.get(other)))
            .sorted(
                Comparator.comparingInt(
                        (LineageNode other) ->
                            neighbours.getOrDefault(other.getKey(), List.of()).size())
                    .thenComparingLong(LineageNode::getPosition)
                    .reversed())
            .filter(other -> alike.merge(other.getKind(), 1, Integer::sum) <= MOST_ALIKE)
            .forEach(other -> queue.add(other.getKey()));
      }
    }
    return nearest.values().stream()
        .sorted(Comparator.comparingLong(LineageNode::getPosition))
        .toList();
  }

  private static ElkNode canvas() {
    var canvas = ElkGraphUtil.createGraph();
    canvas.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
    canvas.setProperty(CoreOptions.DIRECTION, Direction.RIGHT);
    canvas.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    canvas.setProperty(CoreOptions.PADDING, new ElkPadding(MARGIN));
    canvas.setProperty(LayeredOptions.MERGE_EDGES, true);
    canvas.setProperty(
        LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.NODES_AND_EDGES);
    canvas.setProperty(LayeredOptions.SPACING_NODE_NODE, 20.0);
    canvas.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 14.0);
    canvas.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 36.0);
    return canvas;
  }

  private static ElkNode place(ElkNode canvas) {
    var node = ElkGraphUtil.createNode(canvas);
    node.setDimensions(BOX_WIDTH, BOX_HEIGHT);
    return node;
  }

  private static Box box(LineageNode node, ElkNode place, boolean root) {
    var parts = node.getLabel().split(" · ", 2);
    var state = parts.length > 1 ? parts[1] : "";
    var heading = state.isEmpty() ? kind(node) : kind(node) + " · " + state;
    return new Box(
        (int) place.getX(),
        (int) place.getY(),
        cut(heading, HEADING_LETTERS),
        kind(node) + ": " + node.getLabel(),
        cut(parts[0], LABEL_LETTERS),
        href(node),
        style(node, state, root));
  }

  private static String href(LineageNode node) {
    return switch (node.getKind()) {
      case "model", "promotion", "deployment" -> "/console/" + node.getKind() + "s/" + node.getId();
      default -> "/console/lineage?node=" + node.getKey();
    };
  }

  private static String style(LineageNode node, String state, boolean root) {
    if (state.contains("out of policy") || state.contains("refused")) {
      return "bad";
    }
    if (root) {
      return "root";
    }
    return switch (node.getKind()) {
      case "deployment", "version", "model" -> "main";
      default -> "plain";
    };
  }

  private static String kind(LineageNode node) {
    return words(node.getKind());
  }

  private static String words(String spelling) {
    return spelling.replace('-', ' ');
  }

  private static String cut(String text, int letters) {
    return text.codePointCount(0, text.length()) <= letters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, letters - 1)) + "…";
  }

  private static Line line(ElkEdge edge, String kind) {
    var path = new StringBuilder();
    for (var section : edge.getSections()) {
      path.append("M%.0f %.0f".formatted(section.getStartX(), section.getStartY()));
      section
          .getBendPoints()
          .forEach(bend -> path.append("L%.0f %.0f".formatted(bend.getX(), bend.getY())));
      path.append("L%.0f %.0f".formatted(section.getEndX() - 1, section.getEndY()));
    }
    return new Line(path.toString(), kind);
  }
}
