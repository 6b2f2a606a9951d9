package io.assay.policy.policies;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.view.Sql;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables of policies and their versions. */
@Singleton
public class PolicyRows {

  private static final String POLICY =
      """
      select p.*,
             (select v.number from gate g join policy_version v on v.id = g.policy_version
               where g.workspace = p.workspace and g.environment = p.environment
                 and v.policy = p.id) as active,
             (select max(v.number) from policy_version v where v.policy = p.id) as latest
        from policy p
      """;

  private static final String VERSION =
      """
      select v.*, p.name as policy_name,
             case when g.policy_version is not null then 'active'
                  when v.activated_at is not null then 'superseded'
                  when r.state = 'open' then 'pending'
                  else 'draft' end as state
        from policy_version v
        join policy p on p.id = v.policy
        left join gate g on g.workspace = v.workspace and g.policy_version = v.id
        left join approval_request r on r.id = v.approval_request
      """;

  private final Sql sql;

  public PolicyRows(Sql sql) {
    this.sql = sql;
  }

  public void on(PolicyEvent event, RecordedEvent recorded) {
    var workspace = recorded.metadata().workspace();
    switch (event) {
      case PolicyRegistered e ->
          sql.update(
              """
              insert into policy (id, workspace, name, environment, description, created_at,
                                  created_by, position)
              values (?, ?, ?, ?, ?, ?, ?, ?)
              """,
              e.policy().value(),
              workspace,
              e.name() == null ? e.policy().value().toString() : e.name(),
              e.environment(),
              e.description(),
              recorded.recordedAt(),
              recorded.metadata().actor().id(),
              recorded.position());
      case PolicyVersionDrafted e ->
          sql.update(
              """
              insert into policy_version (id, workspace, policy, number, environment, digest,
                                          document, comment, created_at, created_by, position)
              values (?, ?, ?,
                      (select count(*) + 1 from policy_version where policy = ?),
                      ?, ?, ?, ?, ?, ?, ?)
              """,
              e.policyVersion().value(),
              workspace,
              e.policy().value(),
              e.policy().value(),
              e.environment(),
              e.digest().hex(),
              e.document(),
              e.comment(),
              recorded.recordedAt(),
              recorded.metadata().actor().id(),
              recorded.position());
      case PolicyVersionActivated e -> {
        sql.update(
            "update policy_version set activated_at = ? where id = ?",
            recorded.recordedAt(),
            e.policyVersion().value());
        sql.update(
            """
            insert into gate (workspace, environment, policy_version) values (?, ?, ?)
            on conflict (workspace, environment)
              do update set policy_version = excluded.policy_version
            """,
            workspace,
            e.environment(),
            e.policyVersion().value());
      }
    }
  }

  /** A version remembers the newest request for its activation. */
  public void on(ApprovalEvent event) {
    if (event instanceof ApprovalRequested requested
        && requested.subject() == Subject.POLICY_VERSION) {
      sql.update(
          "update policy_version set approval_request = ? where id = ?",
          requested.approvalRequest().value(),
          requested.subjectId());
    }
  }

  /** The text of the event at a position was erased. */
  public void erased(long position) {
    sql.update("update policy_version set comment = null where position = ?", position);
    sql.update(
        "update policy set name = id::text, description = null where position = ?", position);
  }

  public void clear() {
    sql.update("truncate gate, policy_version, policy");
  }

  /** A policy by id. */
  public Optional<PolicyRow> policy(String workspace, UUID id) {
    return sql
        .list(PolicyRows::policy, POLICY + " where p.workspace = ? and p.id = ?", workspace, id)
        .stream()
        .findFirst();
  }

  /** Policies by name, behind a name and id. */
  public List<PolicyRow> policies(
      String workspace,
      @Nullable String environment,
      String afterName,
      @Nullable UUID afterId,
      int limit) {
    return sql.list(
        PolicyRows::policy,
        POLICY
            + """
               where p.workspace = ? and (?::text is null or p.environment = ?)
                 and (p.name, p.id) > (?, coalesce(?::uuid, '00000000-0000-0000-0000-000000000000'))
               order by p.name, p.id limit ?
              """,
        workspace,
        environment,
        environment,
        afterName,
        afterId,
        limit);
  }

  /** A version by id. */
  public Optional<PolicyVersionRow> version(String workspace, UUID id) {
    return sql
        .list(PolicyRows::version, VERSION + " where v.workspace = ? and v.id = ?", workspace, id)
        .stream()
        .findFirst();
  }

  /** Versions of a policy below a number, newest first. */
  public List<PolicyVersionRow> versions(UUID policy, int below, int limit) {
    return sql.list(
        PolicyRows::version,
        VERSION + " where v.policy = ? and v.number < ? order by v.number desc limit ?",
        policy,
        below,
        limit);
  }

  private static PolicyRow policy(ResultSet row) throws SQLException {
    return new PolicyRow(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("environment"),
        row.getString("description"),
        row.getObject("active", Integer.class),
        row.getObject("latest", Integer.class),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        row.getString("created_by"),
        row.getLong("position"));
  }

  private static PolicyVersionRow version(ResultSet row) throws SQLException {
    return new PolicyVersionRow(
        row.getObject("id", UUID.class),
        row.getObject("policy", UUID.class),
        row.getString("policy_name"),
        row.getInt("number"),
        row.getString("environment"),
        row.getString("digest"),
        row.getString("document"),
        row.getString("comment"),
        row.getString("state"),
        row.getObject("approval_request", UUID.class),
        Sql.instant(row, "activated_at"),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        row.getString("created_by"),
        row.getLong("position"));
  }
}
