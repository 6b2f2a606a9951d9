package io.assay.platform.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.ApiKeyId;
import io.micronaut.context.annotation.Requires;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each key was last used, to the minute, in schema {@code directory}, which services reach
 * through its functions only. Nothing is decided by it; so a failure to write it refuses nothing.
 */
@Singleton
@Requires(beans = DataSource.class)
class ApiKeyUses {

  private static final Logger LOG = LoggerFactory.getLogger(ApiKeyUses.class);

  /** Between two writes of one key, by this process or by all. */
  private static final Duration LEAST = Duration.ofMinutes(1);

  private final DataSource dataSource;
  private final Cache<ApiKeyId, Instant> written =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(LEAST).build();

  ApiKeyUses(DataSource dataSource) {
    this.dataSource = DelegatingDataSource.unwrapDataSource(dataSource);
  }

  void used(ApiKeyId key, Instant at) {
    if (written.asMap().putIfAbsent(key, at) != null) {
      return;
    }
    try (var connection = dataSource.getConnection();
        var call = connection.prepareStatement("SELECT directory.api_key_used(?, ?)")) {
      call.setObject(1, key.value());
      call.setObject(2, at.atOffset(ZoneOffset.UTC));
      call.execute();
    } catch (SQLException e) {
      written.invalidate(key);
      LOG.warn("The last use of {} is not written: {}", key.tag(), e.getMessage());
    }
  }
}
