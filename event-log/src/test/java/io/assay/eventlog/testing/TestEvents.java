package io.assay.eventlog.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.contracts.Erasable;
import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.EventType;
import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.PostgresEventLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that mean nothing, and a log that takes them. */
public final class TestEvents {

  /** Something was noted about a thing. The note can be erased. */
  @EventType(name = "Noted", writer = Writer.REGISTRY)
  public record Noted(String thing, long number, @Erasable @Nullable String note) implements Event {
    @Override
    public Set<Tag> tags() {
      return Set.of(new Tag("thing", thing));
    }
  }

  /** Something else happened to a thing. */
  @EventType(
      name = "Counted",
      writer = {Writer.REGISTRY, Writer.POLICY})
  public record Counted(String thing, long number) implements Event {
    @Override
    public Set<Tag> tags() {
      return Set.of(new Tag("thing", thing));
    }
  }

  /** Orders erasures, in the same shape as the real one. */
  @EventType(name = "ErasureOrdered", writer = Writer.OPERATOR)
  public record ErasureOrdered(List<Long> positions, String ground) implements Event {
    @Override
    public Set<Tag> tags() {
      return Set.of(new Tag("erasure", "ordered"));
    }
  }

  public static final EventCatalogue CATALOGUE =
      EventCatalogue.of(
          List.of(Noted.class, Counted.class, ErasureOrdered.class),
          key -> ("{\"title\":\"" + key + "\"}").getBytes(StandardCharsets.UTF_8));

  public static final EventCodec CODEC = EventCodec.of(new EventJson(CATALOGUE));

  public static final EventMetadata METADATA =
      EventMetadata.of("default", new Actor("tester", Actor.Kind.SERVICE), "correlation-1");

  private TestEvents() {}

  /** A fresh database whose roles may write these events. */
  public static PostgresServer.Database database() {
    var database = PostgresServer.database();
    LogMigrations.permit(database.owner(), CATALOGUE);
    return database;
  }

  /** The log of the database, as the service sees it. */
  public static PostgresEventLog log(PostgresServer.Database database, Writer writer) {
    return PostgresEventLog.on(
            database.as(writer.role()), database.as(writer.role()), writer.service(), CODEC)
        .open();
  }

  public static Noted noted(String thing) {
    return new Noted(thing, 1, "a note on " + thing);
  }

  public static NewEvent event(Event event, Tag... extraTags) {
    return new NewEvent(UUID.randomUUID(), event, Set.of(extraTags), METADATA);
  }

  /** The event before, as an envelope names it for its first tag. */
  public static @Nullable Long previous(byte[] envelope) {
    try {
      var previous = new ObjectMapper().readTree(envelope).at("/tags/0/1");
      return previous.isNull() ? null : Long.valueOf(previous.asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An append of one event under the guards. */
  public static Append append(Event event, Guard... guards) {
    return new Append(List.of(event(event)), List.of(guards));
  }
}
