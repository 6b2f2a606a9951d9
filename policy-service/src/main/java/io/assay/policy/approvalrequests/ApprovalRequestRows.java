package io.assay.policy.approvalrequests;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.log.Ranks;
import io.assay.policy.approvalrequests.ApprovalRequestRow.Answer;
import io.assay.policy.view.Sql;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables of approval requests and their answers. */
@Singleton
public class ApprovalRequestRows {

  /** What a request is about, for people. */
  private record About(
      String label,
      String environment,
      @Nullable UUID model,
      @Nullable UUID modelVersion,
      @Nullable UUID decision) {}

  private final Sql sql;
  private final EventLog log;
  private final Ranks ranks;

  public ApprovalRequestRows(Sql sql, EventLog log, Ranks ranks) {
    this.sql = sql;
    this.log = log;
    this.ranks = ranks;
  }

  public void on(ApprovalEvent event, RecordedEvent recorded) {
    switch (event) {
      case ApprovalRequested e -> opened(e, recorded);
      case ApprovalGiven e ->
          answered(e.approvalRequest(), true, e.roles(), e.meaning(), e.comment(), recorded);
      case ApprovalRejected e -> {
        answered(e.approvalRequest(), false, List.of(), null, e.reason(), recorded);
        moved(e.approvalRequest(), "rejected");
      }
      case ApprovalRequestApproved e -> moved(e.approvalRequest(), "approved");
      case ApprovalRequestExpired e -> moved(e.approvalRequest(), "expired");
      case ApprovalRequestStaled e -> moved(e.approvalRequest(), "stale");
    }
  }

  /** The text of the event at a position was erased: requests lose a comment, or a model's name. */
  public void erased(long position) {
    sql.update("update approval_request set comment = null where position = ?", position);
    sql.update("update approval_answer set comment = null where position = ?", position);
    if (log.event(position).map(RecordedEvent::event).orElse(null)
        instanceof ModelRegistered registered) {
      var model = registered.model().value();
      sql.update(
          "update approval_request set label = ? || substring(label from ' [0-9]+ → [^ ]+$')"
              + " where model = ?",
          model.toString(),
          model);
    }
  }

  public void clear() {
    sql.update("truncate approval_answer, approval_request");
  }

  public Optional<ApprovalRequestRow> request(String workspace, UUID id) {
    return withAnswers(
            sql.list(
                ApprovalRequestRows::request,
                "select * from approval_request where workspace = ? and id = ?",
                workspace,
                id))
        .stream()
        .findFirst();
  }

  /** Requests below a position, newest first. */
  public List<ApprovalRequestRow> requests(
      String workspace, @Nullable String state, @Nullable UUID subject, long below, int limit) {
    return withAnswers(
        sql.list(
            ApprovalRequestRows::request,
            """
            select * from approval_request
             where workspace = ? and position < ?
               and (?::text is null or state = ?) and (?::uuid is null or subject = ?)
             order by position desc limit ?
            """,
            workspace,
            below,
            state,
            state,
            subject,
            subject,
            limit));
  }

  /** Open requests about promotions of a version. */
  public List<ApprovalRequestRow> openOf(UUID modelVersion) {
    return sql.list(
        ApprovalRequestRows::request,
        "select * from approval_request where state = 'open' and model_version = ?",
        modelVersion);
  }

  /** Open requests about promotions to an environment. */
  public List<ApprovalRequestRow> openIn(String workspace, String environment) {
    return sql.list(
        ApprovalRequestRows::request,
        """
        select * from approval_request
         where state = 'open' and workspace = ? and environment = ? and subject_kind = 'promotion'
        """,
        workspace,
        environment);
  }

  private void opened(ApprovalRequested event, RecordedEvent recorded) {
    var workspace = recorded.metadata().workspace();
    var about =
        switch (event.subject()) {
          case PROMOTION -> promotion(workspace, event.subjectId());
          case POLICY_VERSION -> policyVersion(event.subjectId());
        };
    sql.update(
        """
        insert into approval_request (id, workspace, subject_kind, subject, label, environment,
                                      model, model_version, state, content_digest, policy_digest, decision,
                                      total, by_role, expires_at, comment, created_at, created_by,
                                      position)
        values (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        event.approvalRequest().value(),
        workspace,
        switch (event.subject()) {
          case PROMOTION -> "promotion";
          case POLICY_VERSION -> "policy-version";
        },
        event.subjectId(),
        about.label,
        about.environment,
        about.model,
        about.modelVersion,
        event.contentDigest().hex(),
        event.policyDigest().hex(),
        about.decision,
        event.total(),
        written(event.byRole()),
        event.expiresAt(),
        event.comment(),
        recorded.recordedAt(),
        recorded.metadata().actor().id(),
        recorded.position());
  }

  private About promotion(String workspace, UUID promotion) {
    var position =
        sql.list(
                row -> row.getLong(1),
                "select position from decision where promotion = ? order by position desc limit 1",
                promotion)
            .getFirst();
    if (!(log.event(position).orElseThrow().event() instanceof PromotionDecided decided)) {
      throw new IllegalStateException("No decision stands at position " + position);
    }
    return new About(
        "%s %d → %s"
            .formatted(name(workspace, decided), number(workspace, decided), decided.environment()),
        decided.environment(),
        decided.model().value(),
        decided.version().value(),
        decided.decision().value());
  }

  /** What the model is called, until that is erased. */
  private String name(String workspace, PromotionDecided decided) {
    var registered = first(workspace, decided.model().tag(), "ModelRegistered").event();
    return Objects.requireNonNullElse(
        ((ModelRegistered) registered).name(), decided.model().value().toString());
  }

  private int number(String workspace, PromotionDecided decided) {
    return ranks.rank(
        workspace,
        decided.model().tag(),
        "ModelVersionRegistered",
        first(workspace, decided.version().tag(), "ModelVersionRegistered").position());
  }

  private RecordedEvent first(String workspace, Tag tag, String type) {
    return log.source(Query.of(workspace, Criterion.of(tag, type)), 0).events().getFirst();
  }

  private About policyVersion(UUID policyVersion) {
    return sql.list(
            row ->
                new About(
                    "policy " + row.getString(1) + " " + row.getInt(2) + " → " + row.getString(3),
                    row.getString(3),
                    null,
                    null,
                    null),
            """
            select p.name, v.number, v.environment from policy_version v
              join policy p on p.id = v.policy where v.id = ?
            """,
            policyVersion)
        .getFirst();
  }

  private void answered(
      ApprovalRequestId request,
      boolean yes,
      List<String> roles,
      @Nullable String meaning,
      @Nullable String comment,
      RecordedEvent recorded) {
    sql.update(
        """
        insert into approval_answer (position, event, request, yes, actor, actor_kind, roles,
                                     meaning, comment, answered_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        recorded.position(),
        recorded.id(),
        request.value(),
        yes,
        recorded.metadata().actor().id(),
        recorded.metadata().actor().kind().spelling(),
        String.join(",", roles),
        meaning,
        comment,
        recorded.recordedAt());
  }

  private void moved(ApprovalRequestId request, String state) {
    sql.update(
        "update approval_request set state = ? where id = ? and state = 'open'",
        state,
        request.value());
  }

  private List<ApprovalRequestRow> withAnswers(List<ApprovalRequestRow> requests) {
    return requests.stream().map(this::withAnswers).toList();
  }

  private ApprovalRequestRow withAnswers(ApprovalRequestRow request) {
    var answers =
        sql.list(
            ApprovalRequestRows::answer,
            "select * from approval_answer where request = ? order by position",
            request.id());
    return new ApprovalRequestRow(
        request.id(),
        request.subjectKind(),
        request.subject(),
        request.label(),
        request.environment(),
        request.modelVersion(),
        request.state(),
        request.contentDigest(),
        request.policyDigest(),
        request.decision(),
        request.total(),
        request.byRole(),
        request.expiresAt(),
        request.comment(),
        request.createdAt(),
        request.createdBy(),
        request.position(),
        answers);
  }

  private static ApprovalRequestRow request(ResultSet row) throws SQLException {
    return new ApprovalRequestRow(
        row.getObject("id", UUID.class),
        row.getString("subject_kind"),
        row.getObject("subject", UUID.class),
        row.getString("label"),
        row.getString("environment"),
        row.getObject("model_version", UUID.class),
        row.getString("state"),
        row.getString("content_digest"),
        row.getString("policy_digest"),
        row.getObject("decision", UUID.class),
        row.getInt("total"),
        read(row.getString("by_role")),
        Objects.requireNonNull(Sql.instant(row, "expires_at")),
        row.getString("comment"),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        row.getString("created_by"),
        row.getLong("position"),
        List.of());
  }

  private static Answer answer(ResultSet row) throws SQLException {
    return new Answer(
        row.getObject("event", UUID.class),
        row.getBoolean("yes"),
        row.getString("actor"),
        row.getString("actor_kind"),
        Arrays.stream(row.getString("roles").split(",", -1)).filter(r -> !r.isEmpty()).toList(),
        row.getString("meaning"),
        row.getString("comment"),
        Objects.requireNonNull(Sql.instant(row, "answered_at")),
        row.getLong("position"));
  }

  private static String written(Map<String, Integer> byRole) {
    return new TreeMap<>(byRole)
        .entrySet().stream()
            .map(role -> role.getKey() + "=" + role.getValue())
            .collect(Collectors.joining(","));
  }

  private static Map<String, Integer> read(String byRole) {
    var counts = new TreeMap<String, Integer>();
    for (var role : byRole.split(",", -1)) {
      if (!role.isEmpty()) {
        int equals = role.indexOf('=');
        counts.put(role.substring(0, equals), Integer.valueOf(role.substring(equals + 1)));
      }
    }
    return counts;
  }
}
