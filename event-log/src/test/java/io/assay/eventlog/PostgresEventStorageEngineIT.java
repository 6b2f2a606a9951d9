package io.assay.eventlog;

import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.EventType;
import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventsourcing.eventstore.StorageEngineTestSuite;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/**
 * Axon's own suite. Its messages are none of ours: this test alone has a codec, and a permission in
 * {@code log.writer}, for them.
 */
class PostgresEventStorageEngineIT extends StorageEngineTestSuite<PostgresEventStorageEngine> {

  /** The one kind of message that the suite writes: a text with metadata of its own. */
  @EventType(name = "event", writer = Writer.REGISTRY)
  record Foreign(String text, Map<String, String> metadata) implements Event {
    @Override
    public Set<Tag> tags() {
      return Set.of();
    }
  }

  private static final EventCatalogue CATALOGUE =
      EventCatalogue.of(List.of(Foreign.class), key -> "{}".getBytes(StandardCharsets.UTF_8));

  private static final EventMessages FOREIGN =
      new EventMessages() {
        @Override
        public NewEvent event(EventMessage message, String workspace, Set<Tag> tags) {
          var metadata =
              new EventMetadata(
                  workspace,
                  new Actor("suite", Actor.Kind.SYSTEM),
                  null,
                  null,
                  message.timestamp(),
                  "suite",
                  null,
                  null,
                  null);
          return new NewEvent(
              UUID.fromString(message.identifier()),
              new Foreign((String) Objects.requireNonNull(message.payload()), message.metadata()),
              tags,
              metadata);
        }

        @Override
        public EventMessage message(RecordedEvent recorded) {
          var foreign = (Foreign) recorded.event();
          return new GenericEventMessage(
              recorded.id().toString(),
              new MessageType(recorded.type()),
              foreign.text(),
              foreign.metadata(),
              Objects.requireNonNull(recorded.metadata().occurredAt()));
        }
      };

  private PostgresServer.@Nullable Database database;
  private @Nullable PostgresEventLog log;

  @Override
  protected PostgresEventStorageEngine buildStorageEngine() {
    var created = PostgresServer.database();
    database = created;
    LogMigrations.permit(created.owner(), CATALOGUE);
    var role = created.as(Writer.REGISTRY.role());
    log =
        PostgresEventLog.on(
                role, role, Writer.REGISTRY.service(), EventCodec.of(new EventJson(CATALOGUE)))
            .open();
    return new PostgresEventStorageEngine(log, FOREIGN);
  }

  @Override
  protected @Nullable ProcessingContext processingContext() {
    return null;
  }

  @AfterAll
  void close() {
    Objects.requireNonNull(log).close();
    Objects.requireNonNull(database).close();
  }
}
