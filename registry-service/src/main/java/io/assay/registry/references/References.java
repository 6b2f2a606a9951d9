package io.assay.registry.references;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetId;
import io.assay.contracts.EntityId;
import io.assay.contracts.Event;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.ModelId;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.http.NameTag;
import io.assay.platform.log.Ranks;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Finds what a request names; refuses with 404 what is not there. */
@Singleton
public class References {

  private static final long REMEMBERED = 100_000;

  private record Named(String workspace, Tag tag) {}

  private final Cache<Named, EntityId> found =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  private final EventLog log;
  private final NameTag nameTags;
  private final Ranks ranks;
  private final Names names;

  References(EventLog log, NameTag nameTags, Ranks ranks, Clock clock) {
    this.log = log;
    this.nameTags = nameTags;
    this.ranks = ranks;
    this.names = new Names(log, clock);
  }

  public DatasetId dataset(String workspace, String idOrName) {
    return find(workspace, "dataset", idOrName, DatasetId::new, "DatasetRegistered")
        .map(DatasetId.class::cast)
        .orElseThrow(() -> missing("dataset"));
  }

  public ModelId model(String workspace, String idOrName) {
    return find(workspace, "model", idOrName, ModelId::new, "ModelRegistered")
        .map(ModelId.class::cast)
        .orElseThrow(() -> missing("model"));
  }

  /** The AI system, where there is one. */
  public Optional<SystemId> system(String workspace, String idOrName) {
    return find(workspace, "system", idOrName, SystemId::new, "SystemRegistered")
        .map(SystemId.class::cast);
  }

  /** The registration of a version by model and by number or id. */
  public ModelVersionRegistered version(String workspace, String model, String numberOrId) {
    var owner = model(workspace, model);
    return id(numberOrId)
        .map(
            id -> first(workspace, Criterion.of(new VersionId(id).tag(), "ModelVersionRegistered")))
        .orElseGet(
            () ->
                ranks.event(
                    workspace, owner.tag(), "ModelVersionRegistered", Integer.parseInt(numberOrId)))
        .map(event -> (ModelVersionRegistered) event.event())
        .filter(registered -> registered.model().equals(owner))
        .orElseThrow(() -> missing("version"));
  }

  /** The number of a version. */
  public int number(String workspace, VersionId version) {
    var event =
        first(workspace, Criterion.of(version.tag(), "ModelVersionRegistered"))
            .orElseThrow(() -> missing("version"));
    return ranks.rank(
        workspace,
        ((ModelVersionRegistered) event.event()).model().tag(),
        "ModelVersionRegistered",
        event.position());
  }

  /** The name of a model, until it is erased. */
  public String name(String workspace, ModelId model) {
    return name(
        workspace, model.tag(), "ModelRegistered", event -> ((ModelRegistered) event).name());
  }

  /** The name of a dataset, until it is erased. */
  public String name(String workspace, DatasetId dataset) {
    return name(
        workspace, dataset.tag(), "DatasetRegistered", event -> ((DatasetRegistered) event).name());
  }

  /** The name of an AI system, until it is erased. */
  public String name(String workspace, SystemId system) {
    return name(
        workspace, system.tag(), "SystemRegistered", event -> ((SystemRegistered) event).name());
  }

  private String name(String workspace, Tag tag, String type, Function<Event, String> name) {
    return names.get(
        workspace,
        tag,
        () ->
            first(workspace, Criterion.of(tag, type))
                .map(event -> name.apply(event.event()))
                .orElse(ERASED));
  }

  /** What is answered in the place of an erased text. */
  public static final String ERASED = "erased";

  /** What was registered under an id or a name stays so: it is looked up once. */
  private Optional<EntityId> find(
      String workspace,
      String kind,
      String idOrName,
      Function<UUID, EntityId> entity,
      String type) {
    var tag =
        id(idOrName)
            .map(id -> entity.apply(id).tag())
            .orElseGet(() -> nameTags.of(workspace, kind, idOrName));
    var key = new Named(workspace, tag);
    var known = found.getIfPresent(key);
    if (known != null) {
      return Optional.of(known);
    }
    var registered =
        first(workspace, Criterion.of(tag, type)).map(event -> registered(event.event()));
    registered.ifPresent(id -> found.put(key, id));
    return registered;
  }

  private static EntityId registered(Event event) {
    return switch (event) {
      case DatasetRegistered e -> e.dataset();
      case ModelRegistered e -> e.model();
      case SystemRegistered e -> e.system();
      default -> throw new IllegalArgumentException(event + " registers nothing that is named");
    };
  }

  private Optional<RecordedEvent> first(String workspace, Criterion criterion) {
    return log.source(Query.of(workspace, criterion), 0).events().stream().findFirst();
  }

  private static Optional<UUID> id(String spelled) {
    try {
      return Optional.of(ModelId.parse(spelled).value());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ProblemException missing(String what) {
    return new ProblemException(Rejection.notFound("such " + what));
  }
}
