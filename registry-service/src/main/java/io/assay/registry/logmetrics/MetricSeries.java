package io.assay.registry.logmetrics;

import io.assay.contracts.EventJson;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The append-only series of runs.
 *
 * <p>The digest is SHA-256 over the points by key, step, time and value, each as the canonical JSON
 * array {@code [key, step, time, value]} and a line feed.
 */
@Singleton
public class MetricSeries {

  private static final int FETCH = 1000;

  /** Adding holds the run's lock together, sealing alone: so nothing is added behind the digest. */
  private static final String ADDING =
      "select pg_advisory_xact_lock_shared(hashtextextended(?, 0))";

  private static final String SEALING = "select pg_advisory_xact_lock(hashtextextended(?, 0))";

  private final JdbcOperations jdbc;
  private final EventLog log;

  MetricSeries(JdbcOperations jdbc, EventLog log) {
    this.jdbc = jdbc;
    this.log = log;
  }

  /** Whether the log knows the run, and whether it is completed there. */
  public enum RunState {
    UNKNOWN,
    RUNNING,
    COMPLETED
  }

  public RunState state(String workspace, RunId run) {
    var state = RunState.UNKNOWN;
    var query = Query.of(workspace, Criterion.of(run.tag(), "RunStarted", "RunCompleted"));
    for (var event : log.source(query, 0).events()) {
      state = event.type().equals("RunCompleted") ? RunState.COMPLETED : RunState.RUNNING;
    }
    return state;
  }

  /**
   * Adds points; those that are there already are not added twice. Answers how many were new.
   *
   * <p>Refuses with 409 once the series are sealed.
   */
  @Transactional
  public int add(RunId run, List<MetricPoint> points) {
    lock(ADDING, run);
    if (sealed(run)) {
      throw new ProblemException(
          Rejection.state("The run is completed, and its series are sealed."));
    }
    return jdbc.prepareStatement(
        """
        insert into metric_point (run, key, step, at, value) values (?, ?, ?, ?, ?)
        on conflict do nothing
        """,
        insert -> {
          for (var point : points) {
            insert.setObject(1, run.value());
            insert.setString(2, point.key());
            insert.setLong(3, point.step());
            insert.setObject(4, point.at().atOffset(ZoneOffset.UTC));
            insert.setDouble(5, point.value());
            insert.addBatch();
          }
          return (int) Arrays.stream(insert.executeBatch()).filter(count -> count > 0).count();
        });
  }

  /** How many points the run has. */
  @Transactional(readOnly = true)
  public long count(RunId run) {
    return jdbc.prepareStatement(
        "select count(*) from metric_point where run = ?",
        select -> {
          select.setObject(1, run.value());
          try (var row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  /** Ends the series; repeating it answers the same. */
  @Transactional
  public SealedSeries seal(RunId run) {
    lock(SEALING, run);
    jdbc.prepareStatement(
        "insert into metric_seal (run) values (?) on conflict do nothing",
        insert -> {
          insert.setObject(1, run.value());
          return insert.executeUpdate();
        });
    return jdbc.prepareStatement(
        "select key, step, at, value from metric_point where run = ? order by key, step, at, value",
        select -> {
          select.setObject(1, run.value());
          select.setFetchSize(FETCH);
          var digest = Sha256.newDigest();
          long points = 0;
          try (var rows = select.executeQuery()) {
            while (rows.next()) {
              digest.update(line(point(rows)));
              points++;
            }
          }
          return new SealedSeries(points, Sha256.of(digest));
        });
  }

  /**
   * Points in order, behind the one given.
   *
   * @param key only this series; null for all
   */
  @Transactional(readOnly = true)
  public List<MetricPoint> points(
      RunId run, @Nullable String key, @Nullable MetricPoint after, int most) {
    return jdbc.prepareStatement(
        """
        select key, step, at, value from metric_point
         where run = ? and (cast(? as text) is null or key = cast(? as text))
           and (cast(? as text) is null or (key, step, at, value)
             > (cast(? as text), ?, cast(? as timestamptz), cast(? as double precision)))
         order by key, step, at, value
         limit ?
        """,
        select -> {
          select.setObject(1, run.value());
          select.setString(2, key);
          select.setString(3, key);
          select.setString(4, after == null ? null : after.key());
          select.setString(5, after == null ? null : after.key());
          select.setLong(6, after == null ? 0 : after.step());
          select.setObject(7, after == null ? null : after.at().atOffset(ZoneOffset.UTC));
          select.setDouble(8, after == null ? 0 : after.value());
          select.setInt(9, most);
          var points = new ArrayList<MetricPoint>();
          try (var rows = select.executeQuery()) {
            while (rows.next()) {
              points.add(point(rows));
            }
          }
          return points;
        });
  }

  private boolean sealed(RunId run) {
    return jdbc.prepareStatement(
        "select 1 from metric_seal where run = ?",
        select -> {
          select.setObject(1, run.value());
          try (var row = select.executeQuery()) {
            return row.next();
          }
        });
  }

  private void lock(String sql, RunId run) {
    jdbc.prepareStatement(
        sql,
        select -> {
          select.setString(1, run.tag().toString());
          return select.execute();
        });
  }

  private static MetricPoint point(ResultSet row) throws SQLException {
    return new MetricPoint(
        row.getString(1),
        row.getDouble(4),
        row.getLong(2),
        row.getObject(3, OffsetDateTime.class).toInstant());
  }

  private static byte[] line(MetricPoint point) {
    var json = EventJson.canonical(List.of(point.key(), point.step(), point.at(), point.value()));
    var line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }
}
