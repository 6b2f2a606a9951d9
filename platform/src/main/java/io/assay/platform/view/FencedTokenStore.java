package io.assay.platform.view;

import io.assay.platform.database.Node;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.conversion.Converter;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.processing.streaming.segmenting.Segment;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.UnableToClaimTokenException;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenEntry;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenStore;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenStoreConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A token store in which only the holder of the claim advances the token and extends the claim.
 *
 * <p>Axon's own takes an unclaimed token over while storing and while extending. A node that slept
 * through the loss of its claim, and through its release by who took it, would then go on from
 * where it was: commit its rows a second time, or pass over what a rebuild set the token back for.
 * Here it fails, and the rows, which share the transaction, with it; then it claims anew, and
 * begins where the token is.
 *
 * <p>Claims of processes that have died are void at once; of those that only say nothing, when the
 * claim times out.
 */
final class FencedTokenStore extends JdbcTokenStore {

  private final ConnectionProvider connections;
  private final String node;

  FencedTokenStore(
      ConnectionProvider connections,
      Converter converter,
      JdbcTokenStoreConfiguration configuration,
      String node) {
    super(connections, converter, configuration.nodeId(node));
    this.connections = connections;
    this.node = node;
  }

  @Override
  public CompletableFuture<Void> storeToken(
      @Nullable TrackingToken token,
      String processor,
      int segment,
      @Nullable ProcessingContext context) {
    try (Connection connection = connections.getConnection();
        var update = storeUpdate(connection, token, processor, segment)) {
      return heldOne(update, processor, segment);
    } catch (SQLException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<Void> extendClaim(
      String processor, int segment, @Nullable ProcessingContext context) {
    try (Connection connection = connections.getConnection();
        var update =
            connection.prepareStatement(
                "update view_token set claimed_at = ?"
                    + " where view = ? and segment = ? and owner = ?")) {
      update.setString(1, DateTimeUtils.formatInstant(JdbcTokenEntry.clock.instant()));
      update.setString(2, processor);
      update.setInt(3, segment);
      update.setString(4, node);
      return heldOne(update, processor, segment);
    } catch (SQLException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletableFuture<Void> heldOne(
      PreparedStatement update, String processor, int segment) throws SQLException {
    return update.executeUpdate() == 1
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(
            new UnableToClaimTokenException(
                "The claim of " + processor + "[" + segment + "] is lost"));
  }

  @Override
  public CompletableFuture<List<Segment>> fetchAvailableSegments(
      String processor, @Nullable ProcessingContext context) {
    try (Connection connection = connections.getConnection();
        var release =
            connection.prepareStatement(
                "update view_token set owner = null where view = ? and owner is not null and "
                    + Node.died("owner"))) {
      release.setString(1, processor);
      release.executeUpdate();
    } catch (SQLException e) {
      return CompletableFuture.failedFuture(e);
    }
    return super.fetchAvailableSegments(processor, context);
  }
}
