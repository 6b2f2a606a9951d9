package io.assay.eventlog;

import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The log on PostgreSQL, for one service in one process. Open one and share it.
 *
 * <p>Reading uses the pool; the appender and the notifications keep unpooled connections of their
 * own. Refuses to open on a database whose log is not migrated.
 */
public final class PostgresEventLog implements EventLog {

  private static final String COLUMNS =
      "e.position, e.id, e.type, e.version, e.recorded_at, e.leaf, e.envelope";

  /** Sections are looked up, not joined: a join may be planned as a walk from the log's start. */
  private static final String EVENTS =
      "select "
          + COLUMNS
          + ", (select s.content from log.section s where s.position = e.position and s.name = 'payload')"
          + ", (select s.content from log.section s where s.position = e.position and s.name = 'text')"
          + " from log.event e";

  private static final long MEMORY = 32L << 20;

  private final DataSource pooled;
  private final EventCodec codec;
  private final String writer;
  private final RandomGenerator random;
  private final ExecutorService answers;
  private final Wakeups wakeups;
  private final BatchingAppender appender;
  private final Tails.@Nullable Share share;
  private final @Nullable Tail tail;
  private volatile LogIdentity identity;

  /** Collects what a log needs that has no other sensible value. */
  public static final class Builder {

    private final DataSource pooled;
    private final DataSource unpooled;
    private final String writer;
    private final EventCodec codec;
    private InstantSource clock = InstantSource.system();
    private RandomGenerator random = new SecureRandom();
    private int queue = BatchingAppender.QUEUE;
    private int remembered;
    private String database = "";

    private Builder(DataSource pooled, DataSource unpooled, String writer, EventCodec codec) {
      this.pooled = pooled;
      this.unpooled = unpooled;
      this.writer = writer;
      this.codec = codec;
    }

    /** The source of {@code recordedAt}; the system's clock where none is given. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /** The source of salts, for tests with golden bytes only. */
    public Builder salts(RandomGenerator random) {
      this.random = random;
      return this;
    }

    /** How many appends may wait before callers are told to come back. */
    public Builder queue(int appends) {
      this.queue = appends;
      return this;
    }

    /**
     * How many of the latest events stay in memory, within {@value #MEMORY} bytes of what is stored
     * of them, so that all who follow the log share one reading of it; none unless said.
     *
     * @param database its logs in this process share what is remembered; their codecs must decode
     *     alike, and the first of them says how much it is
     */
    public Builder remembering(int events, String database) {
      this.remembered = events;
      this.database = database;
      return this;
    }

    public PostgresEventLog open() {
      return new PostgresEventLog(this);
    }
  }

  /**
   * Begins to open a log.
   *
   * @param pooled connections of the service's role, for reading
   * @param unpooled connections of the same role, kept open by the appender and the notifications
   * @param writer the service's name, as {@link io.assay.contracts.Writer#service()} spells it
   */
  public static Builder on(
      DataSource pooled, DataSource unpooled, String writer, EventCodec codec) {
    return new Builder(pooled, unpooled, writer, codec);
  }

  private PostgresEventLog(Builder builder) {
    this.pooled = builder.pooled;
    this.codec = builder.codec;
    this.writer = builder.writer;
    this.random = builder.random;
    this.identity = query(PostgresEventLog::readIdentity);
    this.answers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-answer-", 0).factory());
    boolean remembers = builder.remembered > 0;
    this.wakeups = new Wakeups(builder.unpooled, remembers ? Tails.name(builder.database) : "");
    this.share =
        remembers
            ? Tails.join(builder.database, stored(), wakeups::subscribe, builder.remembered, MEMORY)
            : null;
    this.tail = share == null ? null : share.tail();
    this.appender =
        new BatchingAppender(
            builder.unpooled,
            identity,
            writer,
            builder.clock,
            builder.queue,
            answers,
            audience(tail, wakeups));
  }

  private static BatchingAppender.Audience audience(@Nullable Tail tail, Wakeups wakeups) {
    return new BatchingAppender.Audience() {
      @Override
      public void written(List<Tail.Read> events) {
        if (tail != null) {
          tail.appended(events);
        }
      }

      @Override
      public void answered() {
        wakeups.appended();
      }
    };
  }

  @Override
  public CompletableFuture<Appended> append(Append append) {
    try {
      return appender.append(Pending.of(append, codec, random, identity, writer));
    } catch (AppendRefusedException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Sourced source(Query query, long fromPosition) {
    var criteria = new StringBuilder("[");
    for (var criterion : query.criteria()) {
      criteria.append(criteria.length() == 1 ? "{" : ",{");
      Pending.criterion(criteria, Pending.narrowestFirst(criterion), criterion.types()).append('}');
    }
    criteria.append(']');
    return query(
        connection -> {
          // One statement, and so one snapshot: the marker is the head that the events were seen
          // at.
          try (var statement =
              connection.prepareStatement(
                  "select "
                      + COLUMNS
                      + ", e.payload, e.text, h.log, h.epoch,"
                      + " (select coalesce(max(position) + 1, 0) from log.event)"
                      + " from log.head h left join log.source(?, ?::jsonb, ?) e on true"
                      + " order by e.position")) {
            statement.setString(1, query.workspace());
            statement.setString(2, criteria.toString());
            statement.setLong(3, fromPosition);
            var events = new ArrayList<RecordedEvent>();
            long marker = 0;
            try (var rows = statement.executeQuery()) {
              while (rows.next()) {
                identity = new LogIdentity(rows.getObject(10, UUID.class), rows.getInt(11));
                marker = rows.getLong(12);
                if (rows.getObject(1) != null) {
                  events.add(event(Row.of(rows)));
                }
              }
            }
            return new Sourced(List.copyOf(events), marker);
          }
        });
  }

  @Override
  public Sourced recent(Query query, long fromPosition, long atLeast) {
    return Optional.ofNullable(tail)
        .flatMap(latest -> latest.matching(query, fromPosition, atLeast))
        .orElseGet(() -> source(query, fromPosition));
  }

  @Override
  public Positions positions(String workspace, Tag tag, String type, long fromPosition) {
    return query(
        connection -> {
          // One snapshot, and nothing but the index of tags.
          try (var statement =
              connection.prepareStatement(
                  "select (select coalesce(max(position) + 1, 0) from log.event),"
                      + " array(select position from log.tag where tag = ? and workspace = ?"
                      + " and position >= ? and type = ? order by position)")) {
            statement.setString(1, tag.toString());
            statement.setString(2, workspace);
            statement.setLong(3, fromPosition);
            statement.setString(4, type);
            try (var row = statement.executeQuery()) {
              row.next();
              return new Positions(List.of((Long[]) row.getArray(2).getArray()), row.getLong(1));
            }
          }
        });
  }

  @Override
  public Positions recentPositions(
      String workspace, Tag tag, String type, long fromPosition, long atLeast) {
    return Optional.ofNullable(tail)
        .flatMap(
            latest ->
                latest.matching(
                    Query.of(workspace, Criterion.of(tag, type)), fromPosition, atLeast))
        .map(EventLog::positions)
        .orElseGet(() -> positions(workspace, tag, type, fromPosition));
  }

  @Override
  public List<RecordedEvent> read(long fromPosition, int limit) {
    return stored(fromPosition, limit).stream().map(Tail.Read::event).toList();
  }

  @Override
  public List<RecordedEvent> follow(long fromPosition, int limit) {
    return Optional.ofNullable(tail)
        .flatMap(latest -> latest.from(fromPosition, limit))
        .orElseGet(() -> read(fromPosition, limit));
  }

  private Tail.Source stored() {
    return new Tail.Source() {
      @Override
      public List<Tail.Read> read(long fromPosition, int limit) {
        return stored(fromPosition, limit);
      }

      @Override
      public long head() {
        return PostgresEventLog.this.head();
      }
    };
  }

  /**
   * Sections are read by themselves: cheaper than a look for each, and never one without others.
   */
  private List<Tail.Read> stored(long fromPosition, int limit) {
    return query(
        connection -> {
          var rows = rows(connection, fromPosition, limit);
          if (rows.isEmpty()) {
            return List.of();
          }
          var sections = sections(connection, fromPosition, rows.getLast().position());
          return rows.stream()
              .map(row -> row.with(sections))
              .map(row -> new Tail.Read(event(row), row.bytes()))
              .toList();
        });
  }

  private static List<Row> rows(Connection connection, long fromPosition, int limit)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select "
                + COLUMNS
                + ", null::bytea, null::bytea from log.event e"
                + " where e.position >= ? order by e.position limit ?")) {
      statement.setLong(1, fromPosition);
      statement.setInt(2, limit);
      var found = new ArrayList<Row>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(Row.of(rows));
        }
      }
      return found;
    }
  }

  private static Map<Section, byte[]> sections(Connection connection, long first, long last)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select position, name, content from log.section"
                + " where position between ? and ? and content is not null order by position")) {
      statement.setLong(1, first);
      statement.setLong(2, last);
      var found = new HashMap<Section, byte[]>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(new Section(rows.getLong(1), rows.getString(2)), rows.getBytes(3));
        }
      }
      return found;
    }
  }

  @Override
  public Optional<RecordedEvent> event(long position) {
    return Optional.ofNullable(tail)
        .flatMap(latest -> latest.at(position))
        .or(() -> one("e.position", position));
  }

  @Override
  public Optional<RecordedEvent> event(UUID id) {
    return one("e.id", id);
  }

  private Optional<RecordedEvent> one(String column, Object value) {
    return query(
        connection -> {
          try (var statement = connection.prepareStatement(EVENTS + " where " + column + " = ?")) {
            statement.setObject(1, value);
            try (var rows = statement.executeQuery()) {
              return rows.next() ? Optional.of(event(Row.of(rows))) : Optional.empty();
            }
          }
        });
  }

  @Override
  public long head() {
    return number("select coalesce(max(position) + 1, 0) from log.event").orElse(0);
  }

  /**
   * The position of the first event recorded at or after the time; the head where there is none.
   */
  public long positionAt(Instant time) {
    return query(
        connection -> {
          try (var statement = connection.prepareStatement("select log.position_at(?)")) {
            statement.setObject(1, time.atOffset(ZoneOffset.UTC));
            try (var rows = statement.executeQuery()) {
              rows.next();
              return rows.getLong(1);
            }
          }
        });
  }

  /**
   * The stored envelopes from a position, as they are, for hashing and verification.
   *
   * @return at most {@code limit}, in order
   */
  public List<byte[]> envelopes(long fromPosition, int limit) {
    return query(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "select envelope from log.event where position >= ? order by position limit ?")) {
            statement.setLong(1, fromPosition);
            statement.setInt(2, limit);
            var envelopes = new ArrayList<byte[]>();
            try (var rows = statement.executeQuery()) {
              while (rows.next()) {
                envelopes.add(rows.getBytes(1));
              }
            }
            return List.copyOf(envelopes);
          }
        });
  }

  @Override
  public LogIdentity identity() {
    return identity;
  }

  @Override
  public Subscription onAppend(Runnable wakeUp) {
    return tail == null ? wakeups.subscribe(wakeUp) : tail.onGrowth(wakeUp);
  }

  @Override
  public void urge() {
    if (tail != null) {
      tail.urge();
    }
  }

  /** Writes the appends that wait, answers them, and ends. */
  @Override
  public void close() {
    appender.close();
    if (share != null) {
      share.close();
    }
    wakeups.close();
    answers.shutdown();
  }

  private record Section(long position, String name) {}

  /** An event as it is stored; {@code text} is null where there is none or it was erased. */
  private record Row(
      long position,
      UUID id,
      String type,
      int version,
      Instant recordedAt,
      byte[] leaf,
      byte[] envelope,
      byte @Nullable [] payload,
      byte @Nullable [] text) {

    /** The columns of the log, then payload and text. */
    static Row of(ResultSet rows) throws SQLException {
      return new Row(
          rows.getLong(1),
          rows.getObject(2, UUID.class),
          rows.getString(3),
          rows.getInt(4),
          rows.getObject(5, OffsetDateTime.class).toInstant(),
          rows.getBytes(6),
          rows.getBytes(7),
          rows.getBytes(8),
          rows.getBytes(9));
    }

    Row with(Map<Section, byte[]> sections) {
      return new Row(
          position,
          id,
          type,
          version,
          recordedAt,
          leaf,
          envelope,
          sections.get(new Section(position, "payload")),
          sections.get(new Section(position, "text")));
    }

    int bytes() {
      return envelope.length
          + (payload == null ? 0 : payload.length)
          + (text == null ? 0 : text.length);
    }
  }

  private RecordedEvent event(Row row) {
    var head = EnvelopeHead.read(row.envelope());
    if (row.payload() == null || head.position() != row.position()) {
      throw new IllegalStateException("The log is damaged at position " + row.position());
    }
    return new RecordedEvent(
        row.position(),
        row.id(),
        row.type(),
        row.version(),
        codec.decode(row.type(), row.version(), row.payload(), row.text()),
        head.metadata(),
        row.recordedAt(),
        head.writer(),
        head.tags(),
        new Sha256(HexFormat.of().formatHex(row.leaf())));
  }

  private OptionalLong number(String sql) {
    return query(
        connection -> {
          try (var statement = connection.prepareStatement(sql);
              var rows = statement.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
          }
        });
  }

  private static LogIdentity readIdentity(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("select log, epoch from log.head");
        var rows = statement.executeQuery()) {
      rows.next();
      return new LogIdentity(rows.getObject(1, UUID.class), rows.getInt(2));
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T query(Reading<T> reading) {
    try (var connection = pooled.getConnection()) {
      return reading.on(connection);
    } catch (SQLException e) {
      throw new LogUnavailableException("The log cannot be read: " + e.getMessage(), e);
    }
  }
}
