package io.assay.registry.registryview;

import io.assay.contracts.EventJson;
import io.assay.platform.view.Writes;
import io.assay.platform.view.Writes.Bulk;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Cards that some events begin and change: each is read once, and written once at the end. */
final class CardChanges {

  private record Held(String workspace, Card card) {}

  private static final Bulk BEGIN =
      Bulk.insert(
          "card",
          "id uuid",
          "kind text",
          "workspace text",
          "name text",
          "parent uuid",
          "model uuid",
          "number int4",
          "state text",
          "environment text",
          "standing text",
          "position int8",
          "content text");

  /** What else a card is found by never changes. */
  private static final Bulk CHANGE =
      new Bulk(
          """
          update card c
             set state = changed.state, standing = changed.standing, content = changed.content
            from unnest(?, ?, ?, ?) as changed (id, state, standing, content)
           where c.id = changed.id
          """,
          List.of("uuid", "text", "text", "text"));

  private final JdbcOperations jdbc;
  private final Writes writes;
  private final Set<UUID> read = new HashSet<>();
  private final Map<UUID, Integer> versions = new HashMap<>();
  private final Map<UUID, Held> known = new HashMap<>();
  private final Map<UUID, CardRow> begun = new LinkedHashMap<>();
  private final Map<UUID, Held> changed = new LinkedHashMap<>();

  /**
   * @param jdbc reads and writes in the caller's transaction
   */
  CardChanges(JdbcOperations jdbc) {
    this.jdbc = jdbc;
    this.writes = new Writes(jdbc);
  }

  /** Reads the cards of entities that will be asked for, together. */
  void read(Collection<UUID> ids) {
    var missing = ids.stream().filter(read::add).toArray(UUID[]::new);
    if (missing.length > 0) {
      jdbc.prepareStatement(
          "select id, workspace, kind, content from card where id = any (?)",
          statement -> {
            statement.setArray(1, statement.getConnection().createArrayOf("uuid", missing));
            try (var rows = statement.executeQuery()) {
              while (rows.next()) {
                var card = EventJson.value(rows.getString(4), Cards.type(rows.getString(3)));
                known.put(rows.getObject(1, UUID.class), new Held(rows.getString(2), card));
              }
            }
            return missing.length;
          });
    }
  }

  /** Reads how many versions each of these has that will be asked for, together. */
  void count(Collection<UUID> owners) {
    var missing = owners.stream().filter(owner -> !versions.containsKey(owner)).distinct().toList();
    if (!missing.isEmpty()) {
      var latest = LatestVersions.of(jdbc, missing);
      missing.forEach(owner -> versions.put(owner, latest.getOrDefault(owner, 0)));
    }
  }

  /** The rank of the next version of a model or a dataset, which is counted. */
  int next(UUID owner) {
    count(List.of(owner));
    return versions.merge(owner, 1, Integer::sum);
  }

  /** The card of an entity, with what has been changed here. */
  Optional<Card> find(UUID id) {
    return held(id).map(Held::card);
  }

  void begin(String workspace, Card card) {
    var row = CardRow.of(workspace, card);
    known.put(row.id(), new Held(workspace, card));
    read.add(row.id());
    begun.put(row.id(), row);
  }

  void change(UUID id, Card next) {
    var before = held(id).orElseThrow();
    if (next.equals(before.card())) {
      return;
    }
    var held = new Held(before.workspace(), next);
    known.put(id, held);
    if (begun.containsKey(id)) {
      begun.put(id, row(held));
    } else {
      changed.put(id, held);
    }
  }

  /** Writes what was begun and changed, and forgets it. */
  void flush() {
    begun.values().forEach(this::begin);
    changed.values().stream().map(CardChanges::row).forEach(this::change);
    writes.flush();
    begun.clear();
    changed.clear();
    known.clear();
    versions.clear();
    read.clear();
  }

  private void begin(CardRow row) {
    writes.add(
        BEGIN,
        row.id(),
        row.kind(),
        row.workspace(),
        row.name(),
        row.parent(),
        row.model(),
        row.number(),
        row.state(),
        row.environment(),
        row.standing(),
        row.position(),
        row.content());
  }

  private void change(CardRow row) {
    writes.add(CHANGE, row.id(), row.state(), row.standing(), row.content());
  }

  private Optional<Held> held(UUID id) {
    if (!read.contains(id)) {
      read(List.of(id));
    }
    return Optional.ofNullable(known.get(id));
  }

  private static CardRow row(Held held) {
    return CardRow.of(held.workspace(), held.card());
  }
}
