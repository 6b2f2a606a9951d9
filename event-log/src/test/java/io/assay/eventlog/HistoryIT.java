package io.assay.eventlog;

import static io.assay.eventlog.testing.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.eventlog.testing.TestEvents;
import io.assay.eventlog.testing.TestEvents.Counted;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The cost of reading and appending does not grow with what the log holds of other things. */
class HistoryIT {

  private static final int HISTORY = 6000;
  private static final Tag WIDE = new Tag("wide", "everything");

  @Test
  void sourcingAndAppendingTouchAsManyPagesAfterALongHistoryAsBefore() throws SQLException {
    try (var database = TestEvents.database()) {
      grow(database, 1500);
      long before = pages(database);

      grow(database, HISTORY);

      // The trees of the indexes are as high as before; a scan would touch hundreds of pages more.
      assertThat(pages(database)).isLessThan(before * 5 / 4);
    }
  }

  private static void grow(PostgresServer.Database database, int count) {
    var answers = new ArrayList<CompletableFuture<Appended>>();
    try (var log = TestEvents.log(database, Writer.REGISTRY)) {
      for (int i = 0; i < count; i++) {
        var event = event(new Counted(UUID.randomUUID().toString(), i), WIDE);
        answers.add(log.append(new Append(List.of(event), List.of())));
      }
    }
    answers.forEach(CompletableFuture::join);
  }

  /** The pages of the log's tables that guarded commands on a new thing touch. */
  private static long pages(PostgresServer.Database database) throws SQLException {
    var thing = UUID.randomUUID().toString();
    var boundary =
        Query.of(
            "default", new Criterion(Set.of(new Tag("thing", thing), WIDE), Set.of("Counted")));
    long start = touched(database);
    try (var log = TestEvents.log(database, Writer.REGISTRY)) {
      for (int i = 0; i < 20; i++) {
        var sourced = log.source(boundary, 0);
        log.append(
                new Append(
                    List.of(event(new Counted(thing, i), WIDE)),
                    List.of(new Guard(boundary, sourced.marker()))))
            .join();
      }
    }
    return touched(database) - start;
  }

  private static long touched(PostgresServer.Database database) throws SQLException {
    // A backend reports what it touched when it ends.
    await()
        .until(
            () ->
                number(
                        database,
                        "select count(*) from pg_stat_activity where usename = 'assay_registry'"
                            + " and datname = current_database()")
                    == 0);
    return number(
        database,
        "select sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)"
            + " from pg_statio_user_tables where schemaname = 'log'");
  }

  private static long number(PostgresServer.Database database, String sql) throws SQLException {
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
