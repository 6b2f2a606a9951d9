package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The database itself refuses what must not be, whoever calls: here nobody of ours stands between
 * the caller and the function.
 */
class DatabaseRefusesIT {

  private static final byte[] SALT = new byte[32];

  /** What the function takes event by event: the append, the leaf, id, workspace, type, … */
  private static final List<String> EVENT_BY_EVENT =
      Stream.concat(
              Stream.of("1", "?", "?::uuid", "?", "?", "?::integer"),
              Stream.generate(() -> "?").limit(14))
          .toList();

  private static PostgresServer.Database database;
  private static String log;

  @BeforeAll
  static void open() throws SQLException {
    database = PostgresServer.database();
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    log = database.single("select log::text from log.head");
    assertThat(new Call().by(database.as(Writer.REGISTRY.role()))).isEqualTo("appended");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /** One event on its way into log.append, sound unless something is changed. */
  private static final class Call {

    Map<String, Object> envelope;
    byte[] payload = "{\"model\":\"1\"}".getBytes(StandardCharsets.UTF_8);
    byte @Nullable [] sent;

    /** What the function is told otherwise than the envelope says whose hash it is given. */
    Map<String, Object> saysInstead = new HashMap<>();

    int tagEvent = 1;

    /** Of what the function is told twice as much as there are events. */
    int twice = -1;

    byte[] salt = SALT;
    byte @Nullable [] leaf;
    List<String> sections = new ArrayList<>(List.of("payload"));
    int isolation = Connection.TRANSACTION_READ_COMMITTED;

    Call() {
      long head = Long.parseLong(database.single("select count(*) from log.event"));
      envelope =
          PlainEnvelope.of(
              log,
              head,
              UUID.randomUUID().toString(),
              "default",
              "ModelArchived",
              PlainEnvelope.micros(Instant.now()));
      tags("model:" + UUID.randomUUID());
      digests();
    }

    void tags(String... tags) {
      envelope.put("tags", Stream.of(tags).map(tag -> PlainEnvelope.link(tag, null)).toList());
    }

    void digests() {
      var digests = new HashMap<String, Object>();
      sections.forEach(
          name -> digests.put(name, PlainEnvelope.hex(PlainEnvelope.sha256(salt, payload))));
      envelope.put("sections", digests);
    }

    String by(DataSource role) throws SQLException {
      var bytes = PlainEnvelope.bytes(envelope);
      var said = new HashMap<String, @Nullable Object>(envelope);
      said.putAll(saysInstead);
      try (var connection = role.getConnection()) {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(isolation);
        try (var call =
            connection.prepareStatement(
                "select outcome from log.append(?::bigint, ?::timestamptz, ?, "
                    + IntStream.range(0, EVENT_BY_EVENT.size())
                        .mapToObj(
                            i -> "array[" + EVENT_BY_EVENT.get(i) + (i == twice ? ", null]" : "]"))
                        .collect(Collectors.joining(", "))
                    + ", ?, ?, ?, '{}', '{}', '{}', '{}', '{}', '{}', '{}')")) {
          var actor = said.get("actor") instanceof Map<?, ?> map ? map : Map.of();
          var tags = said.get("tags") instanceof List<?> list ? list : List.of();
          int index = 0;
          call.setString(++index, text(said.get("position")));
          call.setString(++index, text(said.get("recordedAt")));
          call.setString(++index, text(said.get("writer")));
          call.setBytes(++index, leaf == null ? PlainEnvelope.leaf(bytes) : leaf);
          for (var field : List.of("id", "workspace", "type", "version")) {
            call.setString(++index, text(said.get(field)));
          }
          var schema = text(said.get("schema"));
          call.setBytes(++index, schema == null ? null : HexFormat.of().parseHex(schema));
          call.setString(++index, text(actor.get("id")));
          call.setString(++index, text(actor.get("kind")));
          for (var field :
              List.of(
                  "onBehalfOf",
                  "client",
                  "occurredAt",
                  "correlation",
                  "causation",
                  "decision",
                  "signature")) {
            call.setString(++index, text(said.get(field)));
          }
          for (int section = 0; section < 2; section++) {
            boolean present = section < sections.size();
            call.setBytes(++index, present ? salt : null);
            call.setBytes(++index, present ? sent == null ? payload : sent : null);
          }
          call.setArray(
              ++index, connection.createArrayOf("int4", repeated(tags.size(), tagEvent).toArray()));
          call.setArray(
              ++index,
              connection.createArrayOf(
                  "text", tags.stream().map(tag -> text(((List<?>) tag).get(0))).toArray()));
          call.setArray(
              ++index,
              connection.createArrayOf(
                  "int8", tags.stream().map(tag -> text(((List<?>) tag).get(1))).toArray()));
          try (var rows = call.executeQuery()) {
            rows.next();
            var outcome = rows.getString(1);
            connection.commit();
            return outcome;
          }
        }
      }
    }

    private static @Nullable String text(@Nullable Object value) {
      return value == null ? null : value.toString();
    }

    private static <T> List<T> repeated(int count, T value) {
      return Stream.generate(() -> value).limit(count).toList();
    }
  }

  record Wrong(String name, Consumer<Call> change, String why) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Wrong> wrongs() {
    return Stream.of(
        new Wrong("a leaf that is not the envelope's", c -> c.leaf = new byte[32], "leaf"),
        new Wrong(
            "content that is not the digest's",
            c -> c.sent = "{\"model\":\"2\"}".getBytes(StandardCharsets.UTF_8),
            "leaf"),
        new Wrong("a section that no envelope names", c -> c.sections.add("text"), "leaf"),
        new Wrong("a named section that is not sent", c -> c.sections.clear(), "leaf"),
        new Wrong(
            "a section of another name",
            c -> {
              c.sections.set(0, "other");
              c.digests();
            },
            "leaf"),
        new Wrong(
            "17 tags",
            c -> c.tags(IntStream.range(10, 27).mapToObj(i -> "extra:" + i).toArray(String[]::new)),
            "16 tags"),
        new Wrong("a tag of 201 bytes", c -> c.tags("k:" + "x".repeat(199)), "tag_tag_check"),
        new Wrong("tags out of order", c -> c.tags("b:1", "a:1"), "sorted"),
        new Wrong("a tag twice", c -> c.tags("a:1", "a:1"), ""),
        new Wrong(
            "an envelope over 16 KiB", c -> c.envelope.put("client", "x".repeat(16384)), "16384"),
        new Wrong(
            "a section over 256 KiB",
            c -> {
              c.payload = new byte[256 * 1024 + 1];
              c.digests();
            },
            "section_content_check"),
        new Wrong(
            "a short salt",
            c -> {
              c.salt = new byte[31];
              c.digests();
            },
            "salt"),
        new Wrong("another log", c -> c.envelope.put("log", UUID.randomUUID().toString()), "leaf"),
        new Wrong("another epoch", c -> c.envelope.put("epoch", 2), "leaf"),
        new Wrong("another format", c -> c.envelope.put("v", 2), "leaf"),
        new Wrong("another hash", c -> c.envelope.put("hash", "md5"), "leaf"),
        new Wrong("no workspace", c -> c.envelope.remove("workspace"), "workspace"),
        new Wrong("no actor", c -> c.envelope.remove("actor"), "actor"),
        new Wrong(
            "an actor of another kind",
            c -> c.envelope.put("actor", Map.of("id", "a", "kind", "robot")),
            "actor"),
        new Wrong("no correlation", c -> c.envelope.remove("correlation"), "correlation"),
        new Wrong("no schema", c -> c.envelope.remove("schema"), "schema"),
        new Wrong("a field that is not defined", c -> c.envelope.put("note", "x"), "leaf"),
        new Wrong(
            "a time in the future",
            c -> c.envelope.put("recordedAt", "2999-01-01T00:00:00.000000Z"),
            "future"),
        new Wrong(
            "a time in seconds only",
            c -> c.envelope.put("recordedAt", "2026-11-20T22:00:00Z"),
            ""),
        new Wrong("an id that is taken", c -> c.envelope.put("id", taken()), "event_id_key"),
        new Wrong(
            "another service's name", c -> c.envelope.put("writer", "policy"), "may not write"),
        new Wrong(
            "another isolation",
            c -> c.isolation = Connection.TRANSACTION_REPEATABLE_READ,
            "READ COMMITTED"),
        new Wrong("a tag of no event", c -> c.tagEvent = 2, ""),
        new Wrong("no JSON", c -> c.envelope.put("tags", "none"), ""));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void anAppendThatIsWrongInItselfIsRefused(Wrong wrong) throws SQLException {
    var before = contents();
    var call = new Call();
    wrong.change().accept(call);
    if (wrong.why().isEmpty()) {
      // Either an error or an answer that says what is true instead; never an insert.
      assertThat(outcome(call)).isNotEqualTo("appended");
    } else {
      assertThatThrownBy(() -> call.by(database.as(Writer.REGISTRY.role())))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(wrong.why());
    }
    assertThat(contents()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "workspace, other",
    "id, 11111111-2222-4333-8444-555555555555",
    "type, ModelRegistered",
    "version, 2",
    "schema, 0000000000000000000000000000000000000000000000000000000000000000",
    "onBehalfOf, actor-2",
    "client, browser",
    "occurredAt, 2026-01-02T03:04:05.678000Z",
    "correlation, request-2",
    "causation, event-1",
    "decision, 66666666-7777-4888-9999-aaaaaaaaaaaa",
    "signature, abab",
    "correlation, 'request-1\",\"x\":\"'"
  })
  void whatTheCallerSaysIsWhatTheEnvelopeOfItsHashSays(String field, String value)
      throws SQLException {
    var before = contents();
    var call = new Call();
    call.saysInstead.put(field, value);
    assertThatThrownBy(() -> call.by(database.as(Writer.REGISTRY.role())))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("leaf");
    assertThat(contents()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource
  void everythingIsSaidOncePerEvent(int twice) throws SQLException {
    var before = contents();
    var call = new Call();
    call.twice = twice;
    assertThatThrownBy(() -> call.by(database.as(Writer.REGISTRY.role())))
        .hasMessageContaining("everything of each of them");
    assertThat(contents()).isEqualTo(before);
  }

  static IntStream everythingIsSaidOncePerEvent() {
    return IntStream.range(0, EVENT_BY_EVENT.size());
  }

  @Test
  void theActorTheTimeAndTheTagsAreThoseOfTheEnvelopeToo() throws SQLException {
    var before = contents();
    var link = PlainEnvelope.link("model:elsewhere", null);
    for (var said :
        List.<Map<String, Object>>of(
            Map.of("actor", Map.of("id", "actor-2", "kind", "person")),
            Map.of("actor", Map.of("id", "actor-1", "kind", "service")),
            Map.of("recordedAt", PlainEnvelope.micros(Instant.now().plusMillis(1))),
            Map.of("tags", List.of()),
            Map.of("tags", List.of(link)))) {
      var call = new Call();
      call.saysInstead.putAll(said);
      assertThatThrownBy(() -> call.by(database.as(Writer.REGISTRY.role())))
          .hasMessageContaining("leaf");
    }
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void anAppendElsewhereThanAtTheHeadIsNotTaken() throws SQLException {
    for (int step : new int[] {-1, 1, 1_000}) {
      var call = new Call();
      call.envelope.put(
          "position", Long.toString(Long.parseLong((String) call.envelope.get("position")) + step));
      assertThat(outcome(call)).isNotEqualTo("appended");
    }
  }

  @Test
  void aChainThatIsNotTheTagsOwnIsNotTaken() throws SQLException {
    var call = new Call();
    call.envelope.put("tags", List.of(PlainEnvelope.link("model:nowhere", 0L)));
    assertThat(outcome(call)).isEqualTo("moved");
  }

  @Test
  void aTimeBeforeTheLastIsNotTaken() throws SQLException {
    var call = new Call();
    call.envelope.put("recordedAt", "2001-01-01T00:00:00.000000Z");
    assertThat(outcome(call)).isEqualTo("moved");
  }

  @Test
  void aSoundAppendIsTaken() throws SQLException {
    assertThat(outcome(new Call())).isEqualTo("appended");
  }

  @ParameterizedTest
  @CsvSource({
    "assay_policy, ModelArchived, policy",
    "assay_policy, ModelArchived, registry",
    "assay_registry, PolicyRegistered, registry",
    "assay_registry, ApprovalGiven, policy",
    "assay_registry, PromotionDecided, registry",
    "assay_lineage, ModelArchived, lineage",
    "assay_operator, ModelArchived, operator",
    "assay_registry, ErasureOrdered, operator",
    "assay_registry, NoSuchEvent, registry",
    "assay_owner, ModelArchived, registry"
  })
  void aRoleWritesOnlyItsOwnEventsUnderItsOwnName(String role, String type, String writer) {
    var call = new Call();
    call.envelope.put("type", type);
    call.envelope.put("writer", writer);
    assertThatThrownBy(() -> call.by(database.as(role)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("may not write");
  }

  @Test
  void theAuditorsRoleCannotAppendAtAll() {
    assertThatThrownBy(() -> new Call().by(database.as(LogMigrations.AUDIT)))
        .hasMessageContaining("permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into log.event select * from log.event",
        "insert into log.tag select * from log.tag",
        "insert into log.section select * from log.section",
        "insert into log.writer values ('assay_registry', 'ApprovalGiven', 'registry')",
        "update log.event set type = type",
        "update log.section set content = null",
        "delete from log.event",
        "delete from log.writer",
        "truncate log.event",
        "alter table log.event disable trigger all",
        "drop table log.event",
        "select log.erase(0, array[0]::bigint[])",
        "select log from log.head for update"
      })
  void aServicesRoleTouchesNothingButThroughTheFunctions(String sql) {
    assertThatThrownBy(() -> execute(database.as(Writer.REGISTRY.role()), sql))
        .isInstanceOf(SQLException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .containsAnyOf("permission denied", "must be owner", "Must be owner"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update log.head set epoch = 2",
        "delete from log.head",
        "truncate log.head",
        "update log.event set type = type",
        "update log.event set envelope = '' where false",
        "delete from log.event",
        "truncate log.event",
        "truncate log.event, log.tag, log.section cascade",
        "update log.tag set tag = tag",
        "delete from log.tag",
        "truncate log.tag",
        "update log.section set content = '\\x00'",
        "update log.section set salt = null, content = null, erased_by = 0",
        "delete from log.section",
        "truncate log.section"
      })
  void notEvenTheOwnerOrTheSuperuserChangesWhatIsWritten(String sql) throws SQLException {
    var before = contents();
    for (var role : List.of(database.owner(), database.superuser())) {
      assertThatThrownBy(() -> execute(role, sql)).hasMessageContaining("append-only");
      assertThatThrownBy(() -> execute(role, "set session_replication_role = replica;" + sql))
          .isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(
            () -> execute(database.superuser(), "set session_replication_role = replica;" + sql))
        .hasMessageContaining("append-only");
    assertThat(contents()).isEqualTo(before);
  }

  private static String outcome(Call call) throws SQLException {
    try {
      return call.by(database.as(Writer.REGISTRY.role()));
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private static String taken() {
    return database.single("select id::text from log.event limit 1");
  }

  /** A digest of every row. */
  private static String contents() {
    return database.single(
        "select concat((select md5(string_agg(e::text, '' order by position)) from log.event e),"
            + " (select md5(string_agg(t::text, '' order by position, tag)) from log.tag t),"
            + " (select md5(string_agg(s::text, '' order by position, name)) from log.section s),"
            + " (select h::text from log.head h))");
  }

  private static void execute(DataSource role, String sql) throws SQLException {
    try (var connection = role.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
