package io.assay.policy.livedeployments;

import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.ModelId;
import io.assay.contracts.VersionId;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.view.Sql;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table of what was asked to serve and neither retired nor superseded. */
@Singleton
public class LiveDeployments {

  /** A deployment that is live, or about to be. */
  public record Live(
      DeploymentId deployment, VersionId version, ModelId model, String environment) {}

  private final Sql sql;

  public LiveDeployments(Sql sql) {
    this.sql = sql;
  }

  public void on(DeploymentRequested event, RecordedEvent recorded) {
    sql.update(
        """
        insert into live_deployment (id, workspace, environment, version, model, position)
        values (?, ?, ?, ?, ?, ?)
        """,
        event.deployment().value(),
        recorded.metadata().workspace(),
        event.environment(),
        event.version().value(),
        event.model().value(),
        recorded.position());
  }

  public void remove(DeploymentId deployment) {
    sql.update("delete from live_deployment where id = ?", deployment.value());
  }

  public void clear() {
    sql.update("truncate live_deployment");
  }

  /** All that is live in an environment, oldest first. */
  public List<Live> in(String workspace, String environment) {
    return sql.list(
        LiveDeployments::live,
        "select * from live_deployment where workspace = ? and environment = ? order by position",
        workspace,
        environment);
  }

  /** One deployment, while it is live. */
  public Optional<Live> deployment(DeploymentId deployment) {
    return sql
        .list(
            LiveDeployments::live, "select * from live_deployment where id = ?", deployment.value())
        .stream()
        .findFirst();
  }

  private static Live live(ResultSet row) throws SQLException {
    return new Live(
        new DeploymentId(row.getObject("id", UUID.class)),
        new VersionId(row.getObject("version", UUID.class)),
        new ModelId(row.getObject("model", UUID.class)),
        row.getString("environment"));
  }
}
