package io.assay.platform.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what a database may get over from what it will always refuse. */
public final class PassingFailures {

  /**
   * Connections, transactions that were ended for others' sake, too little of something, an
   * operator's intervention.
   *
   * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">PostgreSQL's codes</a>
   */
  private static final List<String> CLASSES = List.of("08", "40", "53", "57");

  /** What HikariCP says, without a code, of a connection that it has closed because it broke. */
  private static final String CLOSED = "Connection is closed";

  private PassingFailures() {}

  /** Whether trying again later, with nothing changed, may succeed: by any cause of the failure. */
  public static boolean isPassing(Throwable failure) {
    return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(
            cause ->
                cause instanceof SQLTransientException
                    || cause instanceof SQLException refused && isOfTheMoment(refused));
  }

  private static boolean isOfTheMoment(SQLException refused) {
    var state = refused.getSQLState();
    return state == null
        ? CLOSED.equals(refused.getMessage())
        : CLASSES.stream().anyMatch(state::startsWith);
  }
}
