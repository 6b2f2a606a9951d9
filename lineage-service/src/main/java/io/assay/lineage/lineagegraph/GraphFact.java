package io.assay.lineage.lineagegraph;

import org.jspecify.annotations.Nullable;

/**
 * What one event adds to the graph. Facts are only ever added, and each has a key of its own, so
 * that their order and their repetition do not matter.
 */
sealed interface GraphFact {

  /**
   * A thing has come to be.
   *
   * @param key {@code kind:id}
   * @param namedBy the node whose event bears the name to show, itself or the one it is a version
   *     of
   * @param detail what to show where there is no name; nothing of it can be personal
   */
  record Node(String key, @Nullable String namedBy, @Nullable String detail) implements GraphFact {

    String kind() {
      return key.substring(0, key.indexOf(':'));
    }
  }

  /** {@code to} came of {@code from}. */
  record Edge(String from, String to, Kind kind) implements GraphFact {

    enum Kind {
      CONTAINS,
      INPUT,
      PRODUCED,
      EVALUATED,
      MEASURED_ON,
      MEASURED_BY,
      BASELINE,
      REQUESTED,
      DECIDED,
      APPLIED,
      ASKED,
      ANSWERED,
      DEPLOYED,
      /** A promotion allows a deployment. */
      ALLOWED,
      /**
       * A decision permitted a promotion. It leads backwards, so it is not walked: with {@link
       * #ALLOWED} it makes the edge from the decision to the deployment.
       */
      GRANTED;

      String spelling() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      }
    }
  }

  /** What the event at a position made known led to {@code to}. */
  record Basis(long sourcePosition, String to) implements GraphFact {}

  /** From this event on, a facet of the node reads so. */
  record State(String key, Facet facet, String value) implements GraphFact {

    enum Facet {
      STATE,
      STANDING;

      String spelling() {
        return name().toLowerCase(java.util.Locale.ROOT);
      }
    }
  }
}
