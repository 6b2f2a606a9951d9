package io.assay.platform.database;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import jakarta.annotation.PreDestroy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that share the database, and a sign of life that ends with it.
 *
 * <p>The sign is an advisory lock on the name, held by a connection of its own: PostgreSQL lets go
 * of it when the process dies, whichever way. What a process left unfinished under its name, others
 * then take over at once. It is a hint, no fence: a process whose connection was cut lives on, and
 * what is taken from it must be refused to it by other means.
 */
@Context
@Requires(property = "datasources.default.url")
@Requires(property = "assay.service")
public final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration GLANCE = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final String name;
  private final PGSimpleDataSource database = new PGSimpleDataSource();
  private final Thread keeper;
  private volatile boolean closed;

  /**
   * @param configured where it is set, no two processes have the same
   */
  Node(
      @Nullable @Property(name = "assay.node") String configured,
      @Property(name = "assay.service") String service,
      DatasourceConfiguration configuration) {
    this.name =
        service
            + "/"
            + (configured == null
                ? ProcessHandle.current().pid() + "-" + UUID.randomUUID()
                : configured);
    database.setUrl(configuration.getUrl());
    database.setUser(configuration.getUsername());
    database.setPassword(configuration.getPassword());
    database.setApplicationName("assay-" + service + "-node");
    this.keeper = Thread.ofPlatform().daemon().name("node").start(this::keep);
  }

  public String name() {
    return name;
  }

  /**
   * An SQL condition: the process of this name has died. False where it lives, or is oneself.
   *
   * @param name an SQL expression
   */
  public static String died(String name) {
    return "pg_try_advisory_xact_lock_shared(" + key(name) + ")";
  }

  private static String key(String name) {
    return "hashtextextended('assay node ' || " + name + ", 0)";
  }

  private void keep() {
    while (!closed) {
      try (var connection = database.getConnection()) {
        connection.setNetworkTimeout(Runnable::run, (int) SILENCE.toMillis());
        boolean held = false;
        while (!closed) {
          held = held || hold(connection);
          if (!connection.isValid((int) SILENCE.toSeconds())) {
            throw new SQLException("The connection is broken");
          }
          TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
        }
      } catch (SQLException e) {
        LOG.warn("The sign of life of {} is lost, giving it anew: {}", name, e.getMessage());
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean hold(Connection connection) throws SQLException {
    try (var lock = connection.prepareStatement("select pg_try_advisory_lock(" + key("?") + ")")) {
      lock.setString(1, name);
      try (var row = lock.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          LOG.warn("Another process has the name {}: assay.node is one's own", name);
        }
        return row.getBoolean(1);
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  @PreDestroy
  public void close() {
    closed = true;
    keeper.interrupt();
  }
}
