package io.assay.registry.registryview;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** How many versions models and datasets have: the highest number, which one index tells. */
final class VersionCounts {

  private static final String LAST_NUMBER =
      """
      select owner.id,
             (select v.number from card v
               where v.parent = owner.id and v.number is not null
               order by v.number desc limit 1)
        from unnest(?) as owner (id)
      """;

  private VersionCounts() {}

  /**
   * The count of each owner, 0 where it has none.
   *
   * @param jdbc reads on the caller's connection
   */
  static Map<UUID, Integer> of(JdbcOperations jdbc, Collection<UUID> owners) {
    return jdbc.prepareStatement(
        LAST_NUMBER,
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("uuid", owners.toArray()));
          var counts = new HashMap<UUID, Integer>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              counts.put(rows.getObject(1, UUID.class), rows.getInt(2));
            }
          }
          return counts;
        });
  }
}
