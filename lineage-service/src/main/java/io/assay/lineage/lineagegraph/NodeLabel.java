package io.assay.lineage.lineagegraph;

import java.util.ArrayList;
import java.util.Map;

/** What people read on a node: its name and number, and how it stands. */
final class NodeLabel {

  private NodeLabel() {}

  /**
   * The label.
   *
   * @param names by the position of the event that bears the name; erased ones are missing
   */
  static String of(Graph.Node node, Map<Long, String> names) {
    var parts = new ArrayList<String>();
    parts.add(title(node, names));
    for (var facet : GraphFact.State.Facet.values()) {
      var state = node.states().get(facet.spelling());
      if (state != null) {
        parts.add(state);
      }
    }
    return String.join(" · ", parts);
  }

  private static String title(Graph.Node node, Map<Long, String> names) {
    if (node.namedBy() == null) {
      return node.detail() == null ? node.kind() : node.detail();
    }
    var name = node.namePosition() == null ? null : names.get(node.namePosition());
    var shown =
        name == null ? node.kind().replace('-', ' ') + " " + node.id().substring(0, 8) : name;
    return node.ordinal() == null ? shown : shown + " v" + node.ordinal();
  }
}
