package io.assay.lineage.lineagegraph;

import io.assay.eventlog.RecordedEvent;
import io.assay.platform.view.View;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** Writes the facts of every event into the graph's tables. */
@Singleton
final class LineageGraphProjection implements View {

  static final String NAME = "lineage";

  private final GraphRows rows;

  LineageGraphProjection(GraphRows rows) {
    this.rows = rows;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> types() {
    return Set.of();
  }

  /** Facts do not depend on each other, so each event stands for itself. */
  @Override
  public String sequence(RecordedEvent event) {
    return "event:" + event.id();
  }

  @Override
  public void on(RecordedEvent event) {
    on(List.of(event));
  }

  @Override
  public void on(List<RecordedEvent> events) {
    rows.add(events);
  }

  @Override
  public void reset() {
    rows.clear();
  }
}
