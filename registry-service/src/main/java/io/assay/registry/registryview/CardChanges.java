package io.assay.registry.registryview;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Cards that some events begin and change: each is read once, and written once at the end. */
final class CardChanges {

  private record Held(String workspace, Card card) {}

  private final CardRows rows;
  private final Map<UUID, Held> known = new HashMap<>();
  private final Map<UUID, CardRow> begun = new LinkedHashMap<>();
  private final Map<UUID, Held> changed = new LinkedHashMap<>();

  CardChanges(CardRows rows) {
    this.rows = rows;
  }

  /** The card of an entity, with what has been changed here. */
  Optional<Card> find(UUID id) {
    return held(id).map(Held::card);
  }

  /** The card of an entity that must have one. */
  <T extends Card> T get(UUID id, Class<T> type) {
    return type.cast(
        find(id).orElseThrow(() -> new IllegalStateException("There is no card of " + id)));
  }

  void begin(String workspace, Card card) {
    var row = CardRow.of(workspace, card);
    known.put(row.id(), new Held(workspace, card));
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
    rows.saveAll(begun.values());
    rows.updateAll(changed.values().stream().map(CardChanges::row).toList());
    begun.clear();
    changed.clear();
    known.clear();
  }

  private Optional<Held> held(UUID id) {
    var here = known.get(id);
    if (here != null) {
      return Optional.of(here);
    }
    var found =
        rows.findById(id).map(row -> new Held(row.workspace(), row.card(Cards.type(row.kind()))));
    found.ifPresent(held -> known.put(id, held));
    return found;
  }

  private static CardRow row(Held held) {
    return CardRow.of(held.workspace(), held.card());
  }
}
