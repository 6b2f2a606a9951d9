package io.assay.platform.http;

import io.assay.platform.database.Node;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Table {@code idempotency} in the service's own schema. */
@Singleton
@Requires(beans = DataSource.class)
@Requires(property = "flyway.datasources.default.default-schema")
class IdempotencyStore {

  /** How long an answer is kept. */
  private static final Duration KEPT = Duration.ofHours(24);

  /** After which a request without an answer counts as lost, though its process lives. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  /** What is known about a key. */
  sealed interface Claim {

    /** The key is fresh, and ours to answer. */
    record Ours() implements Claim {}

    /** The first request has not been answered. */
    record InProgress() implements Claim {}

    /** The key was used with another body. */
    record Reused() implements Claim {}

    /** The first request was answered so. */
    record Answered(Answer answer) implements Claim {}
  }

  /** An answer as it went out. */
  record Answer(
      int status,
      @Nullable String contentType,
      @Nullable String location,
      @Nullable String etag,
      @Nullable Long position,
      byte @Nullable [] body) {}

  private interface Work<R> {
    R in(PreparedStatement statement) throws SQLException;
  }

  private final DataSource dataSource;
  private final String table;
  private final Node node;
  private final Clock clock;

  IdempotencyStore(
      DataSource dataSource,
      @Value("${flyway.datasources.default.default-schema}") String schema,
      Node node,
      Clock clock) {
    this.dataSource = DelegatingDataSource.unwrapDataSource(dataSource);
    if (!schema.matches("[a-z_]+")) {
      throw new IllegalArgumentException("Not a schema: " + schema);
    }
    this.table = schema + ".idempotency";
    this.node = node;
    this.clock = clock;
  }

  Claim claim(String tag, String fingerprint) {
    var now = clock.instant();
    boolean ours =
        with(
            "INSERT INTO "
                + table
                + " AS known (tag, fingerprint, started_at, node) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (tag) DO UPDATE SET fingerprint = excluded.fingerprint,"
                + " started_at = excluded.started_at, node = excluded.node,"
                + " finished_at = NULL, status = NULL, body = NULL,"
                + " content_type = NULL, location = NULL, etag = NULL, position = NULL"
                + " WHERE known.started_at < ?"
                + " OR known.finished_at IS NULL AND known.fingerprint = excluded.fingerprint"
                + " AND (known.started_at < ? OR "
                + Node.died("known.node")
                + ")",
            statement -> {
              statement.setString(1, tag);
              statement.setString(2, fingerprint);
              instant(statement, 3, now);
              statement.setString(4, node.name());
              instant(statement, 5, now.minus(KEPT));
              instant(statement, 6, now.minus(LEASE));
              return statement.executeUpdate() == 1;
            });
    return ours ? new Claim.Ours() : known(tag, fingerprint);
  }

  void answered(String tag, Answer answer) {
    with(
        "UPDATE "
            + table
            + " SET finished_at = ?, status = ?, content_type = ?, location = ?, etag = ?,"
            + " position = ?, body = ? WHERE tag = ?",
        statement -> {
          instant(statement, 1, clock.instant());
          statement.setInt(2, answer.status());
          statement.setString(3, answer.contentType());
          statement.setString(4, answer.location());
          statement.setString(5, answer.etag());
          statement.setObject(6, answer.position());
          statement.setBytes(7, answer.body());
          statement.setString(8, tag);
          return statement.executeUpdate();
        });
  }

  void release(String tag) {
    with(
        "DELETE FROM " + table + " WHERE tag = ? AND finished_at IS NULL",
        statement -> {
          statement.setString(1, tag);
          return statement.executeUpdate();
        });
  }

  @Scheduled(fixedDelay = "1h", initialDelay = "10m")
  void forget() {
    with(
        "DELETE FROM " + table + " WHERE started_at < ?",
        statement -> {
          instant(statement, 1, clock.instant().minus(KEPT));
          return statement.executeUpdate();
        });
  }

  private Claim known(String tag, String fingerprint) {
    return with(
        "SELECT fingerprint, finished_at IS NOT NULL, status, content_type, location, etag,"
            + " position, body FROM "
            + table
            + " WHERE tag = ?",
        statement -> {
          statement.setString(1, tag);
          try (var row = statement.executeQuery()) {
            if (!row.next()) {
              return new Claim.InProgress();
            }
            if (!row.getString(1).equals(fingerprint)) {
              return new Claim.Reused();
            }
            return row.getBoolean(2) ? new Claim.Answered(answer(row)) : new Claim.InProgress();
          }
        });
  }

  private static Answer answer(ResultSet row) throws SQLException {
    return new Answer(
        row.getInt(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getObject(7, Long.class),
        row.getBytes(8));
  }

  private <R> R with(String sql, Work<R> work) {
    try (Connection connection = dataSource.getConnection();
        var statement = connection.prepareStatement(sql)) {
      return work.in(statement);
    } catch (SQLException e) {
      throw new IllegalStateException("The idempotency table does not answer", e);
    }
  }

  private static void instant(PreparedStatement statement, int index, Instant instant)
      throws SQLException {
    statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
  }
}
