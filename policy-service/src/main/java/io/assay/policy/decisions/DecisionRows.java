package io.assay.policy.decisions;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.view.Sql;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of decisions: the log has them, the table says where. */
@Singleton
public class DecisionRows {

  /** Where a decision is, and which request it opened. */
  public record DecisionRow(UUID id, long position, @Nullable UUID approvalRequest) {}

  private final Sql sql;

  public DecisionRows(Sql sql) {
    this.sql = sql;
  }

  public void on(PromotionDecided event, RecordedEvent recorded) {
    sql.update(
        "insert into decision (id, workspace, promotion, position) values (?, ?, ?, ?)",
        event.decision().value(),
        recorded.metadata().workspace(),
        event.promotion().value(),
        recorded.position());
  }

  /** The decision right before a request is the one that opened it. */
  public void on(ApprovalEvent event) {
    if (event instanceof ApprovalRequested requested && requested.subject() == Subject.PROMOTION) {
      sql.update(
          """
          update decision set approval_request = ? where id =
            (select id from decision where promotion = ? order by position desc limit 1)
          """,
          requested.approvalRequest().value(),
          requested.subjectId());
    }
  }

  public void clear() {
    sql.update("truncate decision");
  }

  public Optional<DecisionRow> decision(String workspace, UUID id) {
    return sql
        .list(
            row ->
                new DecisionRow(
                    row.getObject("id", UUID.class),
                    row.getLong("position"),
                    row.getObject("approval_request", UUID.class)),
            "select * from decision where workspace = ? and id = ?",
            workspace,
            id)
        .stream()
        .findFirst();
  }
}
