package io.assay.registry.registryview;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The latest versions of models and datasets, and thereby how many there are: one index tells. */
final class LatestVersions {

  private static final String LATEST =
      """
      select owner.id, latest.number
        from unnest(?) as owner (id),
             lateral (select v.number from card v
                       where v.parent = owner.id and v.number is not null
                       order by v.number desc limit 1) as latest
      """;

  private LatestVersions() {}

  /**
   * The number of each owner's latest version, absent where it has none.
   *
   * @param jdbc reads on the caller's connection
   */
  static Map<UUID, Integer> of(JdbcOperations jdbc, Collection<UUID> owners) {
    return jdbc.prepareStatement(
        LATEST,
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("uuid", owners.toArray()));
          var latest = new HashMap<UUID, Integer>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              latest.put(rows.getObject(1, UUID.class), rows.getInt(2));
            }
          }
          return latest;
        });
  }
}
