package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.Events;
import io.assay.eventlog.testing.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * A text that is erased by order is nowhere any more: in no row of any table, the catalogue's
 * statistics included, and in no byte of the database's files.
 *
 * <p>Not looked at is the write-ahead log, which holds what was written until PostgreSQL recycles
 * it, and backups; after an erasure a VACUUM FULL clears the files, and the next checkpoints the
 * write-ahead log.
 */
class ErasureLeavesNothingIT {

  /** Stands once in a short row and once in one stored aside, in both uncompressed. */
  private static final String PLANTED = "Wilhelmina Murray " + UUID.randomUUID();

  @Test
  void aPlantedNameIsInNoStoredByteAndEveryLeafIsAsBefore() throws Exception {
    try (var database = PostgresServer.database()) {
      LogMigrations.permit(database.owner(), EventCatalogue.assay());
      long planted;
      long order;
      try (var registry = open(database, Writer.REGISTRY);
          var operator = open(database, Writer.OPERATOR)) {
        for (int i = 0; i < 20; i++) {
          registry.append(Events.append(Events.archived(Events.model(), "other " + i))).join();
        }
        planted =
            registry
                .append(
                    Events.append(
                        Events.archived(Events.model(), PLANTED),
                        Events.archived(Events.model(), PLANTED + aside())))
                .join()
                .firstPosition();
        execute(database, "analyze");
        execute(database, "checkpoint");
        assertThat(tablesWith(database)).contains("log.section");
        // In the table's own file and in the one of what is stored aside.
        assertThat(filesWith(database)).hasSizeGreaterThanOrEqualTo(2);

        var before = LogVerifier.verify(stored(database));
        assertThat(before.faults()).isEmpty();
        var ordering =
            new NewEvent(
                UUID.randomUUID(),
                new ErasureOrdered(List.of(planted, planted + 1), "Art. 17(1)(b)"),
                Set.of(),
                Events.metadata(EventMetadata.DEFAULT_WORKSPACE));
        order = operator.append(Events.append(ordering)).join().firstPosition();
        erase(database, order, planted);

        var after = LogVerifier.verify(stored(database), before.size());
        assertThat(after.faults()).isEmpty();
        assertThat(after.root()).isEqualTo(before.root());
        assertThat(LogVerifier.verify(stored(database)).sound()).isTrue();
        assertThat(registry.event(planted).orElseThrow().event())
            .hasNoNullFieldsOrPropertiesExcept("reason")
            .hasFieldOrPropertyWithValue("reason", null);
        assertThat(registry.event(planted - 1).orElseThrow().event())
            .hasFieldOrPropertyWithValue("reason", "other 19");
      }
      execute(database, "vacuum full");
      execute(database, "checkpoint");
      assertThat(tablesWith(database)).isEmpty();
      assertThat(filesWith(database)).isEmpty();
    }
  }

  /** So much that PostgreSQL stores it beside the row, and so random that nothing compresses it. */
  private static String aside() {
    var random = new byte[20_000];
    new SecureRandom().nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }

  private static StoredEvents stored(PostgresServer.Database database) {
    try (var stored = new PostgresStoredEvents(database.as(LogMigrations.AUDIT))) {
      var all = stored.read(0, Integer.MAX_VALUE);
      return (from, limit) ->
          all.stream().filter(event -> event.position() >= from).limit(limit).toList();
    }
  }

  private static PostgresEventLog open(PostgresServer.Database database, Writer writer) {
    var role = database.as(writer.role());
    return PostgresEventLog.on(
            role, role, writer.service(), EventCodec.of(new EventJson(EventCatalogue.assay())))
        .open();
  }

  private static void erase(PostgresServer.Database database, long order, long position)
      throws SQLException {
    try (var connection = database.as(Writer.OPERATOR.role()).getConnection();
        var erase =
            connection.prepareStatement("select log.erase(?, array[?::bigint, ?::bigint])")) {
      erase.setLong(1, order);
      erase.setLong(2, position);
      erase.setLong(3, position + 1);
      try (var rows = erase.executeQuery()) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(2);
      }
    }
  }

  /** The tables of this database, the system's included, in whose rows the name stands. */
  private static List<String> tablesWith(PostgresServer.Database database)
      throws SQLException, IOException {
    var found = new ArrayList<String>();
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (var rows =
          statement.executeQuery(
              "select format('%I.%I', nspname, relname) from pg_class c"
                  + " join pg_namespace n on n.oid = relnamespace"
                  + " where relkind in ('r', 'm') order by 1")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      var copying = connection.unwrap(PGConnection.class).getCopyAPI();
      for (var table : tables) {
        var bytes = new ByteArrayOutputStream();
        copying.copyOut("copy " + table + " to stdout", bytes);
        if (contains(bytes.toByteArray())) {
          found.add(table);
        }
      }
    }
    return found;
  }

  /** The files of the server's data folder, but for the write-ahead log, with the name in them. */
  private static Set<String> filesWith(PostgresServer.Database database)
      throws SQLException, IOException {
    Path folder;
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("show data_directory")) {
      rows.next();
      folder = Path.of(rows.getString(1));
    }
    var found = new TreeSet<String>();
    try (var files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> !folder.relativize(file).startsWith("pg_wal"))
          .filter(file -> contains(read(file)))
          .forEach(file -> found.add(folder.relativize(file).toString()));
    }
    return found;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(byte[] bytes) {
    // One character a byte: a search for the name's bytes.
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var hex = PlainEnvelope.hex(PLANTED.getBytes(StandardCharsets.UTF_8));
    return text.contains(PLANTED) || text.contains(hex);
  }

  private static void execute(PostgresServer.Database database, String sql) throws SQLException {
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
