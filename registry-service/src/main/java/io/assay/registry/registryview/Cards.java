package io.assay.registry.registryview;

import io.assay.contracts.EntityId;
import io.assay.contracts.ModelId;
import io.assay.eventlog.Appended;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.http.Cursors;
import io.assay.platform.http.Positions;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.platform.view.Views;
import io.micronaut.http.context.ServerRequestContext;
import jakarta.inject.Singleton;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads cards: from the view for reads, from the log for the answer to a write.
 *
 * <p>A read waits for the position that the request asks for, and answers 503 while an event that
 * concerns it is parked.
 */
@Singleton
public class Cards {

  /**
   * Which cards are listed.
   *
   * @param parent what they are listed under
   */
  public record Filter(
      @Nullable UUID parent,
      @Nullable UUID model,
      @Nullable String state,
      @Nullable String environment,
      @Nullable String standing) {

    public static final Filter NONE = new Filter(null, null, null, null, null);

    public static Filter under(EntityId parent) {
      return new Filter(parent.value(), null, null, null, null);
    }
  }

  private static final int DEFAULT_LIMIT = 100;

  private final CardRows rows;
  private final CardReads reads;
  private final Views views;
  private final EventLog log;
  private final Cursors cursors;

  Cards(CardRows rows, CardReads reads, Views views, EventLog log, Cursors cursors) {
    this.rows = rows;
    this.reads = reads;
    this.views = views;
    this.log = log;
    this.cursors = cursors;
  }

  /** The card of an id, or of a name where it has one; refuses with 404. */
  public <T extends Card> T byIdOrName(String workspace, Class<T> type, String idOrName) {
    await();
    var kind = CardRow.kind(type);
    var found =
        id(idOrName)
            .map(id -> reads.byId(workspace, kind, id))
            .orElseGet(() -> reads.byName(workspace, kind, normalised(idOrName)));
    return shown(type, found).row().card(type);
  }

  /** The card of an id; refuses with 404. */
  public <T extends Card> T byId(String workspace, Class<T> type, UUID id) {
    await();
    return shown(type, reads.byId(workspace, CardRow.kind(type), id)).row().card(type);
  }

  /** The cards that others refer to, by id; the view has them before what refers to them. */
  public <T extends Card> Map<UUID, T> referredTo(
      String workspace, Class<T> type, Stream<? extends EntityId> ids) {
    var distinct = ids.map(EntityId::value).distinct().toList();
    return distinct.isEmpty()
        ? Map.of()
        : rows.findByWorkspaceAndKindAndIdInList(workspace, CardRow.kind(type), distinct).stream()
            .collect(Collectors.toMap(CardRow::id, row -> row.card(type)));
  }

  /**
   * The numbers of the latest versions of models or datasets, by id; absent where there is none.
   */
  public Map<UUID, Integer> latestVersions(Stream<? extends EntityId> owners) {
    var distinct = owners.map(EntityId::value).distinct().toList();
    return distinct.isEmpty() ? Map.of() : reads.latestVersions(distinct);
  }

  /** A version, and the name of what it is a version of, unless that was erased. */
  public record Owned<T>(T card, @Nullable String owner) {}

  /** The card of a version by number or id, under its owner's id or name; refuses with 404. */
  public <T extends Card> Owned<T> version(
      String workspace,
      Class<T> type,
      Class<? extends Card> ownerType,
      String owner,
      String numberOrId) {
    await();
    var found =
        reads.version(
            workspace,
            CardRow.kind(type),
            CardRow.kind(ownerType),
            id(owner).map(Object.class::cast).orElseGet(() -> normalised(owner)),
            id(numberOrId).map(Object.class::cast).orElseGet(() -> Integer.valueOf(numberOrId)));
    if (found.isEmpty()) {
      byIdOrName(workspace, ownerType, owner); // which of the two is missing
    }
    var shown = shown(type, found);
    return new Owned<>(shown.row().card(type), shown.parentName());
  }

  /** A page of cards by name. */
  public <T extends Card> Page<T> byName(
      String workspace,
      Class<T> type,
      @Nullable EntityId parent,
      @Nullable Integer limit,
      @Nullable String cursor) {
    var kind = CardRow.kind(type);
    var under = parent == null ? null : parent.value();
    return page(
        new Listing(workspace, kind + " by name|" + under, limit, cursor),
        type,
        (after, most) -> rows.byName(workspace, kind, under, after == null ? "" : after, most),
        row -> String.valueOf(row.name()));
  }

  /** A page of the versions of a model or a dataset, the newest first. */
  public <T extends Card> Page<T> versions(
      String workspace,
      Class<T> type,
      EntityId of,
      @Nullable Integer limit,
      @Nullable String cursor) {
    var kind = CardRow.kind(type);
    return page(
        new Listing(workspace, kind + " of|" + of, limit, cursor),
        type,
        (after, most) ->
            rows.versions(
                workspace,
                kind,
                of.value(),
                after == null ? Integer.MAX_VALUE : Integer.parseInt(after),
                most),
        row -> String.valueOf(row.number()));
  }

  /** A page of cards, the newest first. */
  public <T extends Card> Page<T> newest(
      String workspace,
      Class<T> type,
      Filter filter,
      @Nullable Integer limit,
      @Nullable String cursor) {
    var kind = CardRow.kind(type);
    return page(
        new Listing(workspace, kind + " newest|" + filter, limit, cursor),
        type,
        (after, most) ->
            rows.newest(
                workspace,
                kind,
                filter.parent(),
                filter.model(),
                filter.state(),
                filter.environment(),
                filter.standing(),
                after == null ? Long.MAX_VALUE : Long.parseLong(after),
                most),
        row -> String.valueOf(row.position()));
  }

  /**
   * The card that the log gives at this moment, whatever the view has seen.
   *
   * @param number the rank of a version; 0 for whatever has none
   */
  public <T extends Card> T fromLog(
      String workspace, Class<T> type, int number, Criterion... criteria) {
    return card(type, number, log.source(Query.of(workspace, criteria), 0).events());
  }

  /** The card of what a command has just begun, and nothing before. */
  public <T extends Card> T begun(
      String workspace, Class<T> type, int number, Receipt<?> receipt, Criterion... criteria) {
    var known = receipt.appended().map(Appended::events).orElse(List.of());
    long position = receipt.position().orElseThrow();
    return card(
        type,
        number,
        known.isEmpty()
            ? log.recent(Query.of(workspace, criteria), position, position + 1).events()
            : known);
  }

  private static <T extends Card> T card(Class<T> type, int number, List<RecordedEvent> events) {
    Card card = null;
    for (var event : events) {
      card = card == null ? Card.begin(event, number).orElse(null) : card.evolve(event);
    }
    if (card == null) {
      throw new ProblemException(Rejection.notFound("such " + CardRow.kind(type)));
    }
    return type.cast(card);
  }

  /** A page and the cursor behind it, which the last page lacks. */
  public record Page<T>(List<T> items, @Nullable String next) {}

  /**
   * A list that is asked for.
   *
   * @param query tells it from others: a cursor is good for one list only
   */
  private record Listing(
      String workspace, String query, @Nullable Integer limit, @Nullable String cursor) {}

  /** Reads rows in the order of a list, behind a place in it or from its beginning. */
  private interface Rows {
    List<CardRow> after(@Nullable String place, int most);
  }

  /**
   * @param place where a row stands in the order of the list
   */
  private <T extends Card> Page<T> page(
      Listing listing, Class<T> type, Rows read, Function<CardRow, String> place) {
    awaitComplete();
    var cursor = listing.cursor();
    var after =
        cursor == null
            ? null
            : cursors.key(listing.workspace(), listing.query(), cursor).getFirst();
    int size = listing.limit() == null ? DEFAULT_LIMIT : listing.limit();
    var found = read.after(after, size + 1);
    var shown = found.stream().limit(size).toList();
    return new Page<>(
        shown.stream().map(row -> row.card(type)).toList(),
        found.size() > size
            ? cursors.after(listing.workspace(), listing.query(), place.apply(shown.getLast()))
            : null);
  }

  private static CardReads.Found shown(Class<? extends Card> type, Optional<CardReads.Found> read) {
    var found =
        read.orElseThrow(
            () -> new ProblemException(Rejection.notFound("such " + CardRow.kind(type))));
    if (found.parked() != null) {
      throw Views.parked(RegistryView.NAME, found.parked());
    }
    return found;
  }

  private void awaitComplete() {
    await();
    if (!views.parked(RegistryView.NAME).isEmpty()) {
      throw new ProblemException(
          Rejection.parked(
              "Events could not be taken into the view. An operator must look at its parked"
                  + " events."));
    }
  }

  private void await() {
    ServerRequestContext.currentRequest()
        .ifPresent(
            request ->
                Positions.least(request)
                    .ifPresent(position -> views.await(RegistryView.NAME, position)));
  }

  static Class<? extends Card> type(String kind) {
    return Stream.of(Card.class.getPermittedSubclasses())
        .<Class<? extends Card>>map(type -> type.asSubclass(Card.class))
        .filter(type -> CardRow.kind(type).equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<UUID> id(String spelled) {
    try {
      return Optional.of(ModelId.parse(spelled).value());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String normalised(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }
}
