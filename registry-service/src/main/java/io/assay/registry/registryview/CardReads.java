package io.assay.registry.registryview;

import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Single cards, each with one statement: what a request names, what it is listed under, and whether
 * an event that concerns it is parked, all as of one moment.
 */
@Singleton
class CardReads {

  /**
   * A card that was found.
   *
   * @param parentName absent where it has no parent, or the parent no name
   * @param parked the sequence of events that it depends on, where one of them is parked
   */
  record Found(CardRow row, @Nullable String parentName, @Nullable String parked) {}

  /** What stays in order with a card: {@link RegistryView#sequence}. */
  private static final String FIND =
      """
      select c.id, c.kind, c.workspace, c.name, c.parent, c.model, c.number, c.state,
             c.environment, c.standing, c.position, c.content, o.name,
             (select e.sequence from parked_event e
               where e.view = 'registry'
                 and e.sequence = case
                   when c.kind in ('version', 'evaluation', 'bias-evaluation', 'promotion', 'deployment')
                     then 'model:' || c.model
                   when c.kind = 'dataset-version' then 'dataset:' || c.parent
                   else c.kind || ':' || c.id
                 end
               limit 1)
        from card c left join card o on o.id = c.parent
       where c.workspace = ? and c.kind = ? and\s""";

  private static final String OWNED_BY_NAME =
      "c.parent = (select n.id from card n where n.workspace = ? and n.kind = ? and n.name = ?)";

  private final JdbcOperations jdbc;

  CardReads(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Connectable
  Optional<Found> byId(String workspace, String kind, UUID id) {
    return find("c.id = ?", workspace, kind, id);
  }

  @Connectable
  Optional<Found> byName(String workspace, String kind, String name) {
    return find("c.name = ?", workspace, kind, name);
  }

  /**
   * A version under what it is a version of.
   *
   * @param owner id or name
   * @param version id or number
   */
  @Connectable
  Optional<Found> version(
      String workspace, String kind, String ownerKind, Object owner, Object version) {
    var values = new ArrayList<Object>(List.of(workspace, kind));
    String owned;
    if (owner instanceof UUID) {
      owned = "c.parent = ?";
    } else {
      owned = OWNED_BY_NAME;
      values.addAll(List.of(workspace, ownerKind));
    }
    values.add(owner);
    values.add(version);
    var which = version instanceof UUID ? " and c.id = ?" : " and c.number = ?";
    return find(owned + which, values.toArray());
  }

  @Connectable
  Map<UUID, Integer> latestVersions(Collection<UUID> owners) {
    return LatestVersions.of(jdbc, owners);
  }

  private Optional<Found> find(String condition, Object... values) {
    return jdbc.prepareStatement(
        FIND + condition,
        statement -> {
          for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
          }
          try (var rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(found(rows)) : Optional.empty();
          }
        });
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        new CardRow(
            row.getObject(1, UUID.class),
            row.getString(2),
            row.getString(3),
            row.getString(4),
            row.getObject(5, UUID.class),
            row.getObject(6, UUID.class),
            row.getObject(7, Integer.class),
            row.getString(8),
            row.getString(9),
            row.getString(10),
            row.getLong(11),
            row.getString(12)),
        row.getString(13),
        row.getString(14));
  }
}
