package io.assay.lineage.verifylog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assay.contracts.Sha256;
import io.assay.eventlog.LogVerifier.Fault;
import io.assay.eventlog.LogVerifier.Verification;
import io.assay.platform.database.Node;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The verifications of all processes, from asking on. */
@Singleton
class VerificationRunRows {

  /** The log is read, and this kept, with the role of the audit view. */
  static final String DATASOURCE = "audit";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final TypeReference<List<Fault>> FAULTS = new TypeReference<>() {};

  /** Of a process that has died, none goes on. */
  private static final String RUN =
      """
      select number, id, asked_at, started_at, ended_at, log_size, reading, events, root,
             fault_count, faults,
             case when ended_at is null and %s
                  then 'The process that verified has ended.' else failure end
        from log_verification
      """
          .formatted(Node.died("node"));

  private final JdbcOperations jdbc;

  VerificationRunRows(@Named(DATASOURCE) JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Transactional(transactionManager = DATASOURCE)
  void ask(UUID id, String node, Instant at) {
    update("insert into log_verification (id, node, asked_at) values (?, ?, ?)", id, node, utc(at));
  }

  @Transactional(transactionManager = DATASOURCE)
  void start(UUID id, long logSize, Instant at) {
    update(
        "update log_verification set started_at = ?, log_size = ?, reading = 1 where id = ?",
        utc(at),
        logSize,
        id);
  }

  @Transactional(transactionManager = DATASOURCE)
  void progress(UUID id, int reading, long events) {
    update("update log_verification set reading = ?, events = ? where id = ?", reading, events, id);
  }

  @Transactional(transactionManager = DATASOURCE)
  void end(UUID id, Verification found, Instant at) {
    update(
        """
        update log_verification
           set ended_at = ?, events = ?, root = ?, fault_count = ?, faults = ?
         where id = ?
        """,
        utc(at),
        found.size(),
        found.root().bytes(),
        found.faultCount(),
        json(found.faults()),
        id);
  }

  @Transactional(transactionManager = DATASOURCE)
  void fail(UUID id, String failure, Instant at) {
    update(
        "update log_verification set ended_at = ?, failure = ? where id = ?", utc(at), failure, id);
  }

  /** Ends those that an earlier process of this name has left. */
  @Transactional(transactionManager = DATASOURCE)
  void abandon(String node, String failure, Instant at) {
    update(
        """
        update log_verification set ended_at = ?, failure = ?
         where node = ? and ended_at is null
        """,
        utc(at),
        failure,
        node);
  }

  @Transactional(transactionManager = DATASOURCE, readOnly = true)
  Optional<VerificationRun> find(UUID id) {
    return runs(RUN + " where id = ?", id).stream().findFirst();
  }

  /** The latest that was brought to an end. */
  @Transactional(transactionManager = DATASOURCE, readOnly = true)
  Optional<VerificationRun> latest() {
    return runs(
            RUN + " where ended_at is not null and failure is null order by number desc limit 1")
        .stream()
        .findFirst();
  }

  /** The latest first. */
  @Transactional(transactionManager = DATASOURCE, readOnly = true)
  List<VerificationRun> before(long number, int limit) {
    return runs(RUN + " where number < ? order by number desc limit ?", number, limit);
  }

  /** The roots of a log that was found sound, by its size. */
  @Transactional(transactionManager = DATASOURCE, readOnly = true)
  SortedMap<Long, Sha256> roots() {
    return jdbc.prepareStatement(
        """
        select distinct on (events) events, root from log_verification
         where root is not null and fault_count = 0 order by events, number
        """,
        statement -> {
          var roots = new TreeMap<Long, Sha256>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              roots.put(rows.getLong(1), sha256(rows.getBytes(2)));
            }
          }
          return roots;
        });
  }

  private List<VerificationRun> runs(String sql, Object... values) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
          }
          var found = new ArrayList<VerificationRun>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(run(rows));
            }
          }
          return found;
        });
  }

  private static VerificationRun run(ResultSet row) throws SQLException {
    var root = row.getBytes(9);
    return new VerificationRun(
        row.getLong(1),
        row.getObject(2, UUID.class),
        row.getObject(3, OffsetDateTime.class).toInstant(),
        instant(row, 4),
        instant(row, 5),
        row.getLong(6),
        row.getInt(7),
        row.getLong(8),
        root == null ? null : sha256(root),
        row.getLong(10),
        faults(row.getString(11)),
        row.getString(12));
  }

  private void update(String sql, Object... values) {
    jdbc.prepareStatement(
        sql,
        statement -> {
          for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
          }
          return statement.executeUpdate();
        });
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Sha256 sha256(byte[] hash) {
    return new Sha256(HexFormat.of().formatHex(hash));
  }

  private static String json(List<Fault> faults) {
    try {
      return JSON.writeValueAsString(faults);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A fault is no JSON", e);
    }
  }

  private static List<Fault> faults(String json) {
    try {
      return JSON.readValue(json, FAULTS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The faults of a verification are no JSON", e);
    }
  }
}
