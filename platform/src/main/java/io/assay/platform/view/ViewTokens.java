package io.assay.platform.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.conversion.json.JacksonConverter;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenStore;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenStoreConfiguration;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.TokenSchema;

/** The token of one view, kept by Axon in the view's own schema. */
final class ViewTokens {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final byte[] START = "{\"globalIndex\":0}".getBytes(StandardCharsets.UTF_8);

  /** How often a node looks for a claim to take: the process that had it may have died. */
  static final Duration GLANCE = Duration.ofMillis(500);

  /** A node that lives but has not extended its claim for so long has lost it. */
  private static final Duration CLAIM = Duration.ofSeconds(5);

  /** How often a node that has nothing to do extends it. */
  static final Duration EXTENSION = Duration.ofSeconds(1);

  private final String view;
  private final FencedTokenStore store;

  ViewTokens(String view, ConnectionProvider connections, String node) {
    this.view = view;
    this.store =
        new FencedTokenStore(
            connections,
            new JacksonConverter(JSON),
            JdbcTokenStoreConfiguration.DEFAULT
                .schema(
                    TokenSchema.builder()
                        .setTokenTable("view_token")
                        .setProcessorNameColumn("view")
                        .setTokenTypeColumn("token_type")
                        .setTimestampColumn("claimed_at")
                        .build())
                .claimTimeout(CLAIM),
            node);
  }

  JdbcTokenStore store() {
    return store;
  }

  /** The view's next position; 0 before it first ran. */
  long position(Connection connection) throws SQLException {
    return index(store.token(connection, view));
  }

  /** Sets the token back to the start of the log, and takes the claim from whoever has it. */
  void reset(Connection connection) throws SQLException {
    try (var reset =
        connection.prepareStatement(
            "update view_token set token = ?, owner = null where view = ?")) {
      reset.setBytes(1, START);
      reset.setString(2, view);
      reset.executeUpdate();
    }
  }

  private static long index(Optional<byte[]> token) {
    try {
      return token.isEmpty() ? 0 : JSON.readTree(token.get()).path("globalIndex").asLong();
    } catch (IOException e) {
      throw new IllegalStateException("Not a token of this log", e);
    }
  }
}
