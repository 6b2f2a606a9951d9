package io.assay.platform.health;

import io.micronaut.context.annotation.Requires;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The database answers, through every pool. */
@Singleton
@Requires(beans = DataSource.class)
class DatabaseReadiness implements Readiness {

  private static final int SECONDS = 2;

  private final List<DataSource> pools;

  DatabaseReadiness(List<DataSource> pools) {
    this.pools = pools.stream().map(DelegatingDataSource::unwrapDataSource).toList();
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public Optional<String> fault() {
    for (var pool : pools) {
      try (var connection = pool.getConnection()) {
        if (!connection.isValid(SECONDS)) {
          return Optional.of("A connection is broken");
        }
      } catch (SQLException e) {
        return Optional.of("No connection");
      }
    }
    return Optional.empty();
  }
}
