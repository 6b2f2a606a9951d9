package io.assay.registry.registryview;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of the view. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface CardRows extends GenericRepository<CardRow, UUID> {

  List<CardRow> findByWorkspaceAndKindAndIdInList(
      String workspace, String kind, Collection<UUID> ids);

  /** The card that began with the event at this position. */
  Optional<CardRow> findByPosition(long position);

  CardRow update(CardRow row);

  /** By name, which is unique within workspace and kind. */
  @Query(
      """
      select * from card
       where workspace = :workspace and kind = :kind
         and (cast(:parent as uuid) is null or parent = cast(:parent as uuid))
         and name > :after
       order by name
       limit :most
      """)
  List<CardRow> byName(
      String workspace, String kind, @Nullable UUID parent, String after, int most);

  /** The versions of a model or a dataset, the newest first. */
  @Query(
      """
      select * from card
       where workspace = :workspace and kind = :kind and parent = :parent and number < :before
       order by number desc
       limit :most
      """)
  List<CardRow> versions(String workspace, String kind, UUID parent, int before, int most);

  /** The newest first. */
  @Query(
      """
      select * from card
       where workspace = :workspace and kind = :kind
         and (cast(:parent as uuid) is null or parent = cast(:parent as uuid))
         and (cast(:model as uuid) is null or model = cast(:model as uuid))
         and (cast(:state as text) is null or state = cast(:state as text))
         and (cast(:environment as text) is null or environment = cast(:environment as text))
         and (cast(:standing as text) is null or standing = cast(:standing as text))
         and position < :before
       order by position desc
       limit :most
      """)
  List<CardRow> newest(
      String workspace,
      String kind,
      @Nullable UUID parent,
      @Nullable UUID model,
      @Nullable String state,
      @Nullable String environment,
      @Nullable String standing,
      long before,
      int most);
}
