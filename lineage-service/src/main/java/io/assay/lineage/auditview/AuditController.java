package io.assay.lineage.auditview;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.lineage.AsOf;
import io.assay.lineage.ViewReads;
import io.assay.lineage.api.AuditApi;
import io.assay.lineage.api.model.Actor;
import io.assay.lineage.api.model.ActorKind;
import io.assay.lineage.api.model.AuditEvent;
import io.assay.lineage.api.model.AuditEventPage;
import io.assay.lineage.auditview.AuditRows.Search;
import io.assay.lineage.auditview.AuditRows.Stored;
import io.assay.platform.http.Cursors;
import io.assay.platform.identity.ActorDirectory;
import io.assay.platform.identity.Invocations;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers who did what, when, and on what ground. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class AuditController implements AuditApi {

  private static final int DEFAULT_LIMIT = 100;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> MEMBERS =
      new TypeReference<>() {};

  private final AuditRows rows;
  private final ViewReads reads;
  private final Invocations invocations;
  private final ActorDirectory directory;
  private final Cursors cursors;

  AuditController(
      AuditRows rows,
      ViewReads reads,
      Invocations invocations,
      ActorDirectory directory,
      Cursors cursors) {
    this.rows = rows;
    this.reads = reads;
    this.invocations = invocations;
    this.directory = directory;
    this.cursors = cursors;
  }

  @Override
  public AuditEventPage listAuditEvents(
      @Nullable String entity,
      @Nullable String actor,
      @Nullable String type,
      @Nullable OffsetDateTime from,
      @Nullable OffsetDateTime to,
      @Nullable String asOf,
      @Nullable Integer limit,
      @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    reads.await(AuditView.NAME);
    reads.requireComplete(AuditView.NAME);
    long regarded = AsOf.count(asOf, rows::countUpTo);
    // The cursor is bound to everything that the search depends on.
    var query = "audit/events|%s|%s|%s|%s|%s|%s".formatted(entity, actor, type, from, to, asOf);
    var key = cursor == null ? List.<String>of() : cursors.key(workspace, query, cursor);
    long after = key.isEmpty() ? -1 : Long.parseLong(key.getFirst());
    long pinned =
        key.isEmpty()
            ? Math.min(regarded, reads.position(AuditView.NAME))
            : Long.parseLong(key.getLast());
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found =
        rows.find(
            new Search(
                workspace,
                entity,
                actor,
                type,
                instant(from),
                instant(to),
                after,
                pinned,
                size + 1));
    var names = new LinkedHashMap<String, String>();
    var page = new AuditEventPage(new ArrayList<>());
    found.stream().limit(size).map(stored -> event(stored, names)).forEach(page::addItemsItem);
    if (found.size() > size) {
      var last = Long.toString(found.get(size - 1).position());
      page.next(cursors.after(workspace, query, last, Long.toString(pinned)));
    }
    return page;
  }

  @Override
  public AuditEvent getAuditEvent(Long position) {
    var workspace = invocations.current().workspace();
    reads.await(AuditView.NAME);
    return rows.at(workspace, position)
        .map(stored -> event(stored, new LinkedHashMap<>()))
        .orElseThrow(
            () -> new ProblemException(Rejection.notFound("event at position " + position)));
  }

  /** The event as the log's bytes say it; the view's own rows only found it. */
  private AuditEvent event(Stored stored, Map<String, String> names) {
    var envelope = tree(stored.envelope());
    var actor = actor(envelope.path("actor"), names);
    var entities = new ArrayList<String>();
    envelope.path("tags").forEach(tag -> entities.add(tag.path(0).asText()));
    var event =
        new AuditEvent(
            stored.id(),
            stored.position(),
            envelope.path("type").asText(),
            envelope.path("version").asInt(),
            utc(stored.recordedAt()),
            actor,
            envelope.path("writer").asText(),
            envelope.path("correlation").asText(),
            entities,
            content(stored),
            stored.erased(),
            HexFormat.of().formatHex(stored.leaf()));
    text(envelope, "occurredAt")
        .map(Instant::parse)
        .map(AuditController::utc)
        .ifPresent(event::occurredAt);
    text(envelope, "onBehalfOf").ifPresent(event::onBehalfOf);
    text(envelope, "client").ifPresent(event::client);
    text(envelope, "causation").ifPresent(event::causation);
    text(envelope, "decision").map(UUID::fromString).ifPresent(event::decision);
    return event;
  }

  private Actor actor(JsonNode actor, Map<String, String> names) {
    var id = actor.path("id").asText();
    var name = names.computeIfAbsent(id, each -> directory.displayName(each).orElse(""));
    var answer = new Actor(id, kind(actor.path("kind").asText()));
    return name.isEmpty() ? answer : answer.displayName(name);
  }

  private static ActorKind kind(String spelled) {
    return switch (spelled) {
      case "person" -> ActorKind.PERSON;
      case "service" -> ActorKind.SERVICE;
      default -> ActorKind.SYSTEM;
    };
  }

  private static Map<String, Object> content(Stored stored) {
    try {
      var members = JSON.readValue(stored.payload(), MEMBERS);
      if (stored.text() != null) {
        members.putAll(JSON.readValue(stored.text(), MEMBERS));
      }
      return members;
    } catch (IOException e) {
      throw new IllegalStateException(
          "The sections of the event at " + stored.position() + " are no JSON", e);
    }
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("A stored envelope is no JSON", e);
    }
  }

  private static Optional<String> text(JsonNode object, String member) {
    return Optional.ofNullable(object.get(member))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
