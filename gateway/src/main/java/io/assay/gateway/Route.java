package io.assay.gateway;

import java.util.List;
import java.util.Set;

/**
 * One path of an interface description.
 *
 * @param service which answers it
 * @param segments literals and, in braces, variables
 * @param methods those described and public
 * @param rest whether the last variable takes the rest of the path, slashes included
 * @param bytes whether its bodies are bytes of any size
 */
record Route(
    String service, List<String> segments, Set<String> methods, boolean rest, boolean bytes) {

  /** Whether this path is one of the route's. */
  boolean matches(List<String> path) {
    if (rest ? path.size() < segments.size() : path.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      var segment = segments.get(i);
      if (!variable(segment) && !segment.equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** How many segments are literal: of two routes that match, the more literal one is meant. */
  long literals() {
    return segments.stream().filter(segment -> !variable(segment)).count();
  }

  static boolean variable(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }
}
