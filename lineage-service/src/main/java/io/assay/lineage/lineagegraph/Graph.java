package io.assay.lineage.lineagegraph;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the graph, around one node.
 *
 * @param nodes the nearest first
 * @param truncated there are steps that lead further
 */
record Graph(List<Node> nodes, List<Edge> edges, boolean truncated) {

  /**
   * A thing, as it was at the moment asked for.
   *
   * @param namedBy the node whose name it bears
   * @param namePosition the position of the event with that name
   * @param ordinal its rank among those named by the same node
   * @param states its facets' values
   */
  record Node(
      String key,
      String kind,
      long position,
      Instant recordedAt,
      @Nullable String namedBy,
      @Nullable Long namePosition,
      @Nullable Integer ordinal,
      @Nullable String detail,
      Map<String, String> states) {

    String id() {
      return key.substring(key.indexOf(':') + 1);
    }
  }

  record Edge(String from, String to, String kind, long position) {}
}
