package io.assay.lineage.testing;

import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.Writer;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.Appended;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.PostgresEventLog;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.view.View;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.transaction.SynchronousTransactionManager;
import io.micronaut.transaction.TransactionDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** The service's beans over a database of their own, and a log that every writer can write. */
public final class LineageFixture implements AutoCloseable {

  private final PostgresServer.Database database = PostgresServer.database();
  private final Map<Writer, PostgresEventLog> logs = new EnumMap<>(Writer.class);
  private final EventCatalogue catalogue = EventCatalogue.assay();
  private final ApplicationContext context;

  public LineageFixture() {
    LogMigrations.permit(database.owner(), catalogue);
    for (var writer : Writer.values()) {
      var source = database.as(writer.role());
      logs.put(
          writer,
          PostgresEventLog.on(
                  source, source, writer.service(), EventCodec.of(new EventJson(catalogue)))
              .open());
    }
    context =
        ApplicationContext.builder()
            .environments("lineage")
            .deduceEnvironment(false)
            .properties(
                Map.of(
                    "assay.service",
                    "lineage",
                    "assay.database.url",
                    database.url(),
                    "datasources.default.url",
                    database.url(),
                    "datasources.default.username",
                    Writer.LINEAGE.role(),
                    "datasources.default.password",
                    PostgresServer.PASSWORD,
                    "datasources.audit.password",
                    PostgresServer.PASSWORD,
                    "assay.secret",
                    "0123456789abcdef0123456789abcdef"))
            .start();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public EventLog log() {
    return log(Writer.LINEAGE);
  }

  /** Appends the events one by one, each by the service that may write it. */
  public Appended append(String workspace, List<? extends Event> events) {
    return append(workspace, "actor-1", events);
  }

  /** The same, by a person. */
  public Appended append(String workspace, String actor, List<? extends Event> events) {
    Appended last = new Appended(0, 0);
    for (var event : events) {
      var writer = catalogue.entry(event.getClass()).writers().iterator().next();
      var metadata = EventMetadata.of(workspace, new Actor(actor, Actor.Kind.PERSON), "request-1");
      last =
          log(writer)
              .append(
                  new Append(
                      List.of(new NewEvent(UUID.randomUUID(), event, Set.of(), metadata)),
                      List.of()))
              .join();
    }
    return last;
  }

  /** Lets the view take in all that it has not yet, as its processor would. */
  public void catchUp(View view, long from) {
    project(view, log().read(from, Integer.MAX_VALUE));
  }

  public void project(View view, List<RecordedEvent> events) {
    inTransaction(view.datasource(), () -> events.forEach(view::on));
  }

  public void reset(View view) {
    inTransaction(view.datasource(), view::reset);
  }

  /** Runs a statement as the server's superuser, without any trigger. */
  public void tamper(String... statements) {
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement()) {
      for (var table : List.of("event", "tag", "section")) {
        statement.execute("alter table log." + table + " disable trigger all");
      }
      for (var sql : statements) {
        statement.execute(sql);
      }
      for (var table : List.of("event", "tag", "section")) {
        statement.execute("alter table log." + table + " enable always trigger refuse_change");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection that may do everything. */
  public Connection superuser() throws SQLException {
    return database.superuser().getConnection();
  }

  /** Everything in a table, in the order of its columns. */
  public List<String> rows(String table) {
    try (var connection = database.superuser().getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery("select t::text from " + table + " t order by 1")) {
      var found = new java.util.ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Erases the texts at these positions, by an order in the log. */
  public void erase(long... positions) {
    var order =
        append(
                "default",
                List.of(
                    new io.assay.contracts.GovernanceEvent.ErasureOrdered(
                        java.util.Arrays.stream(positions).boxed().toList(), "asked for")))
            .lastPosition();
    try (var connection = database.as(Writer.OPERATOR.role()).getConnection();
        var call = connection.prepareStatement("select log.erase(?, ?)")) {
      call.setLong(1, order);
      call.setArray(
          2,
          connection.createArrayOf("bigint", java.util.Arrays.stream(positions).boxed().toArray()));
      call.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.close();
    logs.values().forEach(PostgresEventLog::close);
    database.close();
  }

  private PostgresEventLog log(Writer writer) {
    return Objects.requireNonNull(logs.get(writer));
  }

  @SuppressWarnings("unchecked")
  private void inTransaction(String datasource, Runnable work) {
    ((SynchronousTransactionManager<Connection>)
            context.getBean(SynchronousTransactionManager.class, Qualifiers.byName(datasource)))
        .execute(
            TransactionDefinition.DEFAULT,
            status -> {
              work.run();
              return true;
            });
  }
}
