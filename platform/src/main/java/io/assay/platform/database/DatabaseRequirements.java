package io.assay.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * What a service demands of its database before it starts. Each fault is one line that says what to
 * do about it.
 */
final class DatabaseRequirements {

  /** The least version: the only one that every test runs on. */
  static final int LEAST_VERSION = 18;

  /** Of these only, COMMIT is answered once a standby has it on its disk. */
  private static final Set<String> ON_THE_STANDBYS_DISK = Set.of("on", "remote_apply");

  private static final String PREPARE =
      "an administrator runs deploy/postgresql/prepare.sql (`assay database script` prints it),"
          + " then `assay database migrate`.";

  /** Row by row what the checks need; readable by every role. */
  private static final String FACTS =
      """
      select
        current_setting('server_version'),
        current_setting('server_version_num')::integer / 10000,
        current_user,
        current_database(),
        current_schema(),
        exists (select from pg_namespace where nspname = 'log'),
        exists (
          select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname = 'log' and p.proname = 'append'),
        current_setting('fsync'),
        current_setting('full_page_writes'),
        current_setting('synchronous_commit'),
        current_setting('synchronous_standby_names'),
        exists (
          select from pg_stat_replication r
          where r.pid not in (select pid from pg_stat_progress_basebackup)
            and not exists (select from pg_replication_slots s where s.active_pid = r.pid and s.temporary))
        or exists (select from pg_replication_slots where slot_type = 'physical' and not temporary)
      """;

  private static final String RIGHTS =
      """
      select
        current_schema() = 'public' or has_schema_privilege(current_schema(), 'create'),
        has_schema_privilege(n.oid, 'usage')
          and (
            select bool_and(has_table_privilege(c.oid, 'select'))
            from pg_class c where c.relnamespace = n.oid and c.relname in ('event', 'section', 'tag'))
          and (
            select bool_and(has_function_privilege(p.oid, 'execute'))
            from pg_proc p where p.pronamespace = n.oid and p.proname = 'source')
      from pg_namespace n
      where n.nspname = 'log'
      """;

  private DatabaseRequirements() {}

  /**
   * The first fault of a database.
   *
   * @param connection of the service's own role
   * @param production whether what is acknowledged must survive the loss of a machine
   */
  static Optional<String> fault(Connection connection, boolean production) throws SQLException {
    try (var statement = connection.createStatement();
        var facts = statement.executeQuery(FACTS)) {
      facts.next();
      if (facts.getInt(2) < LEAST_VERSION) {
        return Optional.of(
            "PostgreSQL "
                + facts.getString(1)
                + " is too old: Assay needs "
                + LEAST_VERSION
                + " or newer. Upgrade the server (pg_upgrade keeps the data).");
      }
      var role = facts.getString(3);
      var database = facts.getString(4);
      if (facts.getString(5) == null || !facts.getBoolean(6)) {
        return Optional.of("The database " + database + " is not prepared: " + PREPARE);
      }
      if (!facts.getBoolean(7)) {
        return Optional.of(
            "The log in the database "
                + database
                + " is not migrated: run `assay database migrate`.");
      }
      var fault = rightsFault(connection, role);
      if (fault.isPresent() || !production) {
        return fault;
      }
      return durabilityFault(
          facts.getString(8),
          facts.getString(9),
          facts.getString(10),
          facts.getString(11),
          facts.getBoolean(12));
    }
  }

  private static Optional<String> rightsFault(Connection connection, String role)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rights = statement.executeQuery(RIGHTS)) {
      rights.next();
      return rights.getBoolean(1) && rights.getBoolean(2)
          ? Optional.empty()
          : Optional.of(
              "The role " + role + " lacks rights on its schema or on the log: " + PREPARE);
    }
  }

  /** The same from what the settings are; production only. */
  static Optional<String> durabilityFault(
      String fsync,
      String fullPageWrites,
      String synchronousCommit,
      String standbyNames,
      boolean replicas) {
    if (!fsync.equals("on") || !fullPageWrites.equals("on")) {
      return Optional.of(
          "The server runs with fsync="
              + fsync
              + " and full_page_writes="
              + fullPageWrites
              + ", and so loses acknowledged writes in a crash: set both to on.");
    }
    if (synchronousCommit.equals("off")) {
      return Optional.of(
          "The server runs with synchronous_commit=off, and so loses acknowledged writes in a"
              + " crash: set it to on.");
    }
    if ((replicas || !standbyNames.isBlank())
        && (standbyNames.isBlank() || !ON_THE_STANDBYS_DISK.contains(synchronousCommit))) {
      return Optional.of(
          "The server has replicas, but acknowledges writes that none of them has, and a failover"
              + " would lose them: set synchronous_commit=on and synchronous_standby_names to a"
              + " quorum, such as 'ANY 1 (replica1, replica2)'.");
    }
    return Optional.empty();
  }
}
