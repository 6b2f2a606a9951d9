package io.assay.platform.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.eventlog.Actor;
import io.micronaut.context.annotation.Requires;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The directory in schema {@code directory}, which services reach through its functions only. */
@Singleton
@Requires(beans = DataSource.class)
class PostgresActorDirectory implements ActorDirectory {

  private record Subject(String issuer, String subject) {}

  private final DataSource dataSource;
  private final Cache<Subject, Actor> actors =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(10)).build();
  private final Cache<String, Optional<String>> names =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  PostgresActorDirectory(DataSource dataSource) {
    this.dataSource = DelegatingDataSource.unwrapDataSource(dataSource);
  }

  @Override
  public Actor actor(String issuer, String subject, String displayName, Actor.Kind kind) {
    return actors.get(
        new Subject(issuer, subject),
        key -> new Actor(mint(issuer, subject, displayName, kind).toString(), kind));
  }

  @Override
  public Optional<String> displayName(String actorId) {
    UUID id;
    try {
      id = UUID.fromString(actorId);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return names.get(actorId, key -> read(id));
  }

  private UUID mint(String issuer, String subject, String displayName, Actor.Kind kind) {
    try (var connection = dataSource.getConnection();
        var call = connection.prepareStatement("SELECT directory.actor_id(?, ?, ?, ?)")) {
      call.setString(1, issuer);
      call.setString(2, subject);
      call.setString(3, displayName);
      call.setString(4, kind.spelling());
      try (var row = call.executeQuery()) {
        row.next();
        return row.getObject(1, UUID.class);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The directory does not answer", e);
    }
  }

  private Optional<String> read(UUID actorId) {
    try (var connection = dataSource.getConnection();
        var call = connection.prepareStatement("SELECT directory.display_name(?)")) {
      call.setObject(1, actorId);
      try (var row = call.executeQuery()) {
        row.next();
        return Optional.ofNullable(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The directory does not answer", e);
    }
  }
}
