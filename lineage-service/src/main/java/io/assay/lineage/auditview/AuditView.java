package io.assay.lineage.auditview;

import io.assay.eventlog.RecordedEvent;
import io.assay.platform.view.View;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** Writes where events are to be found into the audit schema, with a role of its own. */
@Singleton
final class AuditView implements View {

  static final String NAME = "audit";

  /** The Micronaut datasource with the audit schema's role. */
  static final String DATASOURCE = "audit";

  private final AuditRows rows;

  AuditView(AuditRows rows) {
    this.rows = rows;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String datasource() {
    return DATASOURCE;
  }

  @Override
  public Set<String> types() {
    return Set.of();
  }

  /** Entries do not depend on each other, so each event stands for itself. */
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
