package io.assay.console;

import io.assay.client.lineage.model.LineageEdge;
import io.assay.client.lineage.model.LineageGraph;
import io.assay.client.lineage.model.LineageNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A graph laid out in layers from left to right: whatever came first stands further left.
 *
 * <p>The layer of a node is the longest way to it; within a layer nodes stand near what they are
 * joined to, by a few sweeps of barycentres (Sugiyama, Tagawa and Toda 1981).
 *
 * @param truncated there is more than is drawn
 */
public record LineagePicture(
    int width, int height, List<Box> boxes, List<Line> lines, boolean truncated) {

  private static final int BOX_WIDTH = 208;
  private static final int BOX_HEIGHT = 54;
  private static final int COLUMN = 272;
  private static final int ROW = 74;
  private static final int MARGIN = 16;
  private static final int SWEEPS = 6;
  private static final int LETTERS = 29;

  /**
   * A node.
   *
   * @param kind its kind, for people
   * @param title the whole label
   * @param shown the label, cut to fit
   * @param state what the label says of its state, cut to fit
   * @param href the page about it
   * @param style the class that colours it
   */
  public record Box(
      int x,
      int y,
      String kind,
      String title,
      String shown,
      String state,
      String href,
      String style) {}

  /** An edge as a path of SVG. */
  public record Line(String path, String kind) {}

  static LineagePicture empty() {
    return new LineagePicture(0, 0, List.of(), List.of(), false);
  }

  static LineagePicture of(LineageGraph graph) {
    var layers = layers(graph);
    var columns = new ArrayList<List<LineageNode>>();
    graph.getNodes().stream()
        .sorted(Comparator.comparingLong(LineageNode::getPosition))
        .forEach(
            node -> {
              int layer = Objects.requireNonNull(layers.get(node.getKey()));
              while (columns.size() <= layer) {
                columns.add(new ArrayList<>());
              }
              columns.get(layer).add(node);
            });
    order(columns, graph.getEdges());
    var rows = columns.stream().mapToInt(List::size).max().orElse(0);
    var boxes = new HashMap<String, Box>();
    var drawn = new ArrayList<Box>();
    for (int column = 0; column < columns.size(); column++) {
      var nodes = columns.get(column);
      int top = MARGIN + (rows - nodes.size()) * ROW / 2;
      for (int row = 0; row < nodes.size(); row++) {
        var box = box(nodes.get(row), MARGIN + column * COLUMN, top + row * ROW, graph.getRoot());
        boxes.put(nodes.get(row).getKey(), box);
        drawn.add(box);
      }
    }
    var lines =
        graph.getEdges().stream()
            .filter(edge -> boxes.containsKey(edge.getFrom()) && boxes.containsKey(edge.getTo()))
            .map(
                edge ->
                    line(
                        Objects.requireNonNull(boxes.get(edge.getFrom())),
                        Objects.requireNonNull(boxes.get(edge.getTo())),
                        edge.getKind()))
            .toList();
    return new LineagePicture(
        2 * MARGIN + Math.max(0, columns.size() - 1) * COLUMN + BOX_WIDTH,
        2 * MARGIN + Math.max(0, rows - 1) * ROW + BOX_HEIGHT,
        List.copyOf(drawn),
        lines,
        graph.getTruncated());
  }

  /** The longest way to each node; edges that would close a circle are not counted. */
  private static Map<String, Integer> layers(LineageGraph graph) {
    var into = new HashMap<String, List<String>>();
    graph
        .getEdges()
        .forEach(
            edge ->
                into.computeIfAbsent(edge.getTo(), key -> new ArrayList<>()).add(edge.getFrom()));
    var layers = new HashMap<String, Integer>();
    for (var node : graph.getNodes()) {
      layer(node.getKey(), into, layers, new HashSet<>());
    }
    return layers;
  }

  private static int layer(
      String key,
      Map<String, List<String>> into,
      Map<String, Integer> layers,
      HashSet<String> onTheWay) {
    var known = layers.get(key);
    if (known != null) {
      return known;
    }
    if (!onTheWay.add(key)) {
      return -1;
    }
    int layer = 0;
    for (var from : into.getOrDefault(key, List.of())) {
      layer = Math.max(layer, layer(from, into, layers, onTheWay) + 1);
    }
    onTheWay.remove(key);
    layers.put(key, layer);
    return layer;
  }

  private static void order(List<List<LineageNode>> columns, List<LineageEdge> edges) {
    var joined = new HashMap<String, List<String>>();
    for (var edge : edges) {
      joined.computeIfAbsent(edge.getFrom(), key -> new ArrayList<>()).add(edge.getTo());
      joined.computeIfAbsent(edge.getTo(), key -> new ArrayList<>()).add(edge.getFrom());
    }
    var places = new HashMap<String, Double>();
    columns.forEach(column -> place(column, places));
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (var column : sweep % 2 == 0 ? columns : columns.reversed()) {
        var wish = new HashMap<String, Double>();
        for (var node : column) {
          wish.put(
              node.getKey(),
              joined.getOrDefault(node.getKey(), List.of()).stream()
                  .mapToDouble(other -> places.getOrDefault(other, 0.0))
                  .average()
                  .orElse(places.getOrDefault(node.getKey(), 0.0)));
        }
        column.sort(Comparator.comparingDouble(node -> wish.getOrDefault(node.getKey(), 0.0)));
        place(column, places);
      }
    }
  }

  /** Places count from the middle of the column. */
  private static void place(List<LineageNode> column, Map<String, Double> places) {
    for (int row = 0; row < column.size(); row++) {
      places.put(column.get(row).getKey(), row - (column.size() - 1) / 2.0);
    }
  }

  private static Box box(LineageNode node, int x, int y, String root) {
    var parts = node.getLabel().split(" · ", 2);
    var state = parts.length > 1 ? parts[1] : "";
    return new Box(
        x,
        y,
        node.getKind().replace('-', ' '),
        node.getLabel(),
        cut(parts[0]),
        cut(state),
        href(node),
        style(node, state, root));
  }

  private static String href(LineageNode node) {
    return switch (node.getKind()) {
      case "model", "promotion", "deployment" -> "/console/" + node.getKind() + "s/" + node.getId();
      default -> "/console/lineage?node=" + node.getKey();
    };
  }

  private static String style(LineageNode node, String state, String root) {
    if (state.contains("out of policy") || state.contains("refused")) {
      return "bad";
    }
    if (node.getKey().equals(root)) {
      return "root";
    }
    return switch (node.getKind()) {
      case "deployment", "version", "model" -> "main";
      default -> "plain";
    };
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LETTERS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LETTERS - 1)) + "…";
  }

  private static Line line(Box from, Box to, String kind) {
    int x1 = from.x() + BOX_WIDTH;
    int y1 = from.y() + BOX_HEIGHT / 2;
    int x2 = to.x() - 2;
    int y2 = to.y() + BOX_HEIGHT / 2;
    int bend = Math.max(24, (x2 - x1) / 2);
    return new Line(
        "M%d %dC%d %d %d %d %d %d".formatted(x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2),
        kind.replace('-', ' '));
  }
}
