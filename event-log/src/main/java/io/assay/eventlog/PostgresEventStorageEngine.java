package io.assay.eventlog;

import io.assay.contracts.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EmptyAppendTransaction;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexPosition;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.EventCriterion;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;

/**
 * Axon's view of the log: the same appender, the same tables.
 *
 * <p>Axon knows no workspaces: a tag {@value #WORKSPACE} of a message or a criterion says the
 * workspace and is not stored as a tag; without it the workspace is {@value
 * EventMetadata#DEFAULT_WORKSPACE}, except that a stream without it covers all workspaces. Markers
 * and tokens are counts, so a token bears the position of the event that comes next.
 */
public final class PostgresEventStorageEngine implements EventStorageEngine {

  /** The key of the tag that stands for the workspace. */
  public static final String WORKSPACE = "workspace";

  /** The recorded event, in the context of every entry of a stream. */
  public static final Context.ResourceKey<RecordedEvent> RECORDED =
      Context.ResourceKey.withLabel("recordedEvent");

  private final PostgresEventLog log;
  private final EventMessages messages;

  public PostgresEventStorageEngine(PostgresEventLog log, EventMessages messages) {
    this.log = log;
    this.messages = messages;
  }

  @Override
  public CompletableFuture<AppendTransaction<?>> appendEvents(
      AppendCondition condition,
      @Nullable ProcessingContext context,
      List<TaggedEventMessage<?>> events) {
    if (events.isEmpty()) {
      return CompletableFuture.completedFuture(EmptyAppendTransaction.INSTANCE);
    }
    try {
      var append = new Append(events.stream().map(this::event).toList(), guards(condition));
      return CompletableFuture.completedFuture(new Transaction(append, condition));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new AppendRefusedException(String.valueOf(e.getMessage()), e));
    }
  }

  private NewEvent event(TaggedEventMessage<?> tagged) {
    var tags = new HashSet<Tag>();
    for (var tag : tagged.tags()) {
      if (!tag.key().equals(WORKSPACE)) {
        tags.add(new Tag(tag.key(), tag.value()));
      }
    }
    return messages.event(tagged.event(), workspace(tagged.tags()), tags);
  }

  private static String workspace(Set<org.axonframework.messaging.eventstreaming.Tag> tags) {
    return tags.stream()
        .filter(tag -> tag.key().equals(WORKSPACE))
        .map(org.axonframework.messaging.eventstreaming.Tag::value)
        .findFirst()
        .orElse(EventMetadata.DEFAULT_WORKSPACE);
  }

  private static List<Guard> guards(AppendCondition condition) {
    if (condition.consistencyMarker() == ConsistencyMarker.INFINITY) {
      return List.of();
    }
    long marker = Math.max(0, GlobalIndexConsistencyMarker.position(condition.consistencyMarker()));
    return queries(condition.criteria()).stream().map(query -> new Guard(query, marker)).toList();
  }

  /** One query for each workspace that the criteria name. */
  private static List<Query> queries(EventCriteria criteria) {
    var flat = criteria.flatten();
    if (flat.isEmpty()) {
      return List.of(Query.of(EventMetadata.DEFAULT_WORKSPACE, new Criterion(Set.of(), Set.of())));
    }
    Map<String, List<Criterion>> byWorkspace = new LinkedHashMap<>();
    for (var criterion : flat) {
      byWorkspace
          .computeIfAbsent(workspace(criterion.tags()), name -> new ArrayList<>())
          .add(criterion(criterion));
    }
    return byWorkspace.entrySet().stream()
        .map(entry -> new Query(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Criterion criterion(EventCriterion criterion) {
    return new Criterion(
        criterion.tags().stream()
            .filter(tag -> !tag.key().equals(WORKSPACE))
            .map(tag -> new Tag(tag.key(), tag.value()))
            .collect(Collectors.toSet()),
        criterion.types().stream().map(QualifiedName::toString).collect(Collectors.toSet()));
  }

  private final class Transaction implements AppendTransaction<ConsistencyMarker> {

    private final Append append;
    private final AppendCondition condition;
    private final AtomicBoolean finished = new AtomicBoolean();

    Transaction(Append append, AppendCondition condition) {
      this.append = append;
      this.condition = condition;
    }

    @Override
    public CompletableFuture<ConsistencyMarker> commit(@Nullable ProcessingContext context) {
      if (finished.getAndSet(true)) {
        return CompletableFuture.failedFuture(
            new IllegalStateException("Committed or rolled back before"));
      }
      return log.append(append)
          .handle(
              (appended, failure) -> {
                if (failure == null) {
                  return new GlobalIndexConsistencyMarker(appended.marker());
                }
                if (failure instanceof AppendConflictException) {
                  throw AppendEventsTransactionRejectedException.conflictingEventsDetected(
                      condition.consistencyMarker());
                }
                throw new CompletionException(failure);
              });
    }

    @Override
    public void rollback(@Nullable ProcessingContext context) {
      finished.set(true);
    }

    @Override
    public CompletableFuture<ConsistencyMarker> afterCommit(
        ConsistencyMarker marker, @Nullable ProcessingContext context) {
      return CompletableFuture.completedFuture(marker);
    }
  }

  @Override
  public MessageStream<EventMessage> source(
      SourcingCondition condition, @Nullable ProcessingContext context) {
    long from = Math.max(0, GlobalIndexPosition.toIndex(condition.start()));
    try {
      // Several workspaces are several snapshots: the least marker is true of all of them.
      var answers =
          queries(condition.criteria()).stream().map(query -> log.source(query, from)).toList();
      long marker = answers.stream().mapToLong(Sourced::marker).min().orElse(0);
      var events =
          answers.stream()
              .flatMap(answer -> answer.events().stream())
              .filter(event -> event.position() < marker)
              .sorted((one, other) -> Long.compare(one.position(), other.position()))
              .map(this::entry);
      MessageStream.Entry<EventMessage> last =
          new SimpleEntry<>(
              TerminalEventMessage.INSTANCE,
              Context.with(
                  ConsistencyMarker.RESOURCE_KEY, new GlobalIndexConsistencyMarker(marker)));
      return MessageStream.fromStream(
          Stream.concat(events, Stream.of(last)), MessageStream.Entry::message, entry -> entry);
    } catch (LogUnavailableException e) {
      return MessageStream.<EventMessage>failed(e);
    }
  }

  private MessageStream.Entry<EventMessage> entry(RecordedEvent event) {
    var context = Context.with(RECORDED, event);
    return new SimpleEntry<>(
        messages.message(event),
        TrackingToken.addToContext(context, new GlobalSequenceTrackingToken(event.position() + 1)));
  }

  @Override
  public MessageStream<EventMessage> stream(
      StreamingCondition condition, @Nullable ProcessingContext context) {
    var start = condition.position();
    long from = start == null ? 0 : Math.max(0, start.position().orElse(0));
    return new LogStream(log, from, event -> matches(condition, event), this::entry);
  }

  private static boolean matches(StreamingCondition condition, RecordedEvent event) {
    var tags = new HashSet<org.axonframework.messaging.eventstreaming.Tag>();
    for (var tag : event.tags()) {
      tags.add(org.axonframework.messaging.eventstreaming.Tag.of(tag.key(), tag.value()));
    }
    tags.add(
        org.axonframework.messaging.eventstreaming.Tag.of(WORKSPACE, event.metadata().workspace()));
    return condition.matches(new QualifiedName(event.type()), tags);
  }

  @Override
  public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
    return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(0));
  }

  @Override
  public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
    return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(log.head()));
  }

  /** The token before the first event recorded at or after the time: the log's time, no other. */
  @Override
  public CompletableFuture<TrackingToken> tokenAt(Instant at, @Nullable ProcessingContext context) {
    return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(log.positionAt(at)));
  }

  @Override
  public void describeTo(ComponentDescriptor descriptor) {
    descriptor.describeProperty("log", log.identity().log().toString());
    descriptor.describeProperty("epoch", log.identity().epoch());
  }
}
