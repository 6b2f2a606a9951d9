package io.assay.contracts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The events of Assay, taken from their sealed families. */
final class AssayEvents {

  static final List<Class<? extends Event>> ALL =
      all(
          DatasetEvent.class,
          RunEvent.class,
          SystemEvent.class,
          ModelEvent.class,
          VersionEvent.class,
          PromotionEvent.class,
          DeploymentEvent.class,
          PolicyEvent.class,
          ApprovalEvent.class,
          ApiKeyEvent.class,
          GovernanceEvent.class);

  private AssayEvents() {}

  @SafeVarargs
  private static List<Class<? extends Event>> all(Class<? extends Event>... families) {
    var events = new ArrayList<Class<? extends Event>>();
    for (var family : families) {
      Arrays.stream(family.getPermittedSubclasses())
          .map(event -> event.<Event>asSubclass(Event.class))
          .forEach(events::add);
    }
    return List.copyOf(events);
  }
}
