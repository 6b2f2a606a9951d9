package io.assay.platform.view;

import io.assay.platform.database.Node;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
 * The token store of one view, which has one segment, in which only the holder of the claim
 * advances the token and extends the claim.
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

  /** Finds the row by its {@link #places}. */
  private static final String THERE = "ctid = any (array[?::tid, ?::tid])";

  private final ConnectionProvider connections;
  private final Converter converter;
  private final String node;

  private volatile @Nullable Written written;

  /**
   * Where the row was written last and the time before, which holds where the last was undone, and
   * when. Before the key, it is looked for there: while any transaction can still see what was
   * before, the index leads to all versions of the row, which are thousands after minutes.
   */
  private record Written(String place, @Nullable String before, long nanoTime) {}

  FencedTokenStore(
      ConnectionProvider connections,
      Converter converter,
      JdbcTokenStoreConfiguration configuration,
      String node) {
    super(connections, converter, configuration.nodeId(node));
    this.connections = connections;
    this.converter = converter;
    this.node = node;
  }

  @Override
  public CompletableFuture<Void> storeToken(
      @Nullable TrackingToken token,
      String processor,
      int segment,
      @Nullable ProcessingContext context) {
    var entry = new JdbcTokenEntry(token, converter);
    return update(
        "token = ?, token_type = ?, claimed_at = ?",
        processor,
        segment,
        entry.getTokenData(),
        entry.getTokenType(),
        entry.timestampAsString());
  }

  @Override
  public CompletableFuture<Void> extendClaim(
      String processor, int segment, @Nullable ProcessingContext context) {
    return update(
        "claimed_at = ?",
        processor,
        segment,
        DateTimeUtils.formatInstant(JdbcTokenEntry.clock.instant()));
  }

  /** Changes the row of a claim that this node holds; fails where it does not. */
  private CompletableFuture<Void> update(
      String set, String processor, int segment, @Nullable Object... values) {
    try (var connection = connections.getConnection()) {
      var held = new ArrayList<@Nullable Object>(Arrays.asList(values));
      held.addAll(List.of(processor, segment, node));
      var sql = "update view_token set " + set + " where view = ? and segment = ? and owner = ?";
      var there = new ArrayList<>(held);
      there.addAll(places());
      var place = place(connection, sql + " and " + THERE, there);
      if (place.isEmpty()) {
        place = place(connection, sql, held);
      }
      if (place.isEmpty()) {
        written = null;
        return CompletableFuture.failedFuture(
            new UnableToClaimTokenException(
                "The claim of " + processor + "[" + segment + "] is lost"));
      }
      written = new Written(place.get(), places().getFirst(), System.nanoTime());
      return CompletableFuture.completedFuture(null);
    } catch (SQLException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The bytes of the token as the connection sees it; empty before the view first ran. */
  Optional<byte[]> token(Connection connection, String processor) throws SQLException {
    var sql = "select token from view_token where view = ?";
    var values = new ArrayList<@Nullable Object>();
    values.add(processor);
    values.addAll(places());
    var there = token(connection, sql + " and " + THERE, values);
    return there.isEmpty() ? token(connection, sql, List.of(processor)) : there;
  }

  private static Optional<byte[]> token(
      Connection connection, String sql, List<? extends @Nullable Object> values)
      throws SQLException {
    try (var select = connection.prepareStatement(sql)) {
      bind(select, values);
      try (var row = select.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
      }
    }
  }

  /** Where this node wrote the row, to be bound to {@link #THERE}; nowhere where it did not. */
  private List<@Nullable String> places() {
    var last = written;
    return last == null ? Arrays.asList(null, null) : Arrays.asList(last.place(), last.before());
  }

  /** Executes an update of one row at most; answers where the row stands now. */
  private static Optional<String> place(
      Connection connection, String update, List<@Nullable Object> values) throws SQLException {
    try (var statement = connection.prepareStatement(update + " returning ctid::text")) {
      bind(statement, values);
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  private static void bind(PreparedStatement statement, List<? extends @Nullable Object> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  @Override
  public CompletableFuture<Void> releaseClaim(
      String processor, int segment, @Nullable ProcessingContext context) {
    written = null;
    return super.releaseClaim(processor, segment, context);
  }

  /** Who wrote the token a moment ago has the claim, and has not to look for it. */
  @Override
  public CompletableFuture<List<Segment>> fetchAvailableSegments(
      String processor, @Nullable ProcessingContext context) {
    var last = written;
    if (last != null && System.nanoTime() - last.nanoTime() < ViewTokens.EXTENSION.toNanos()) {
      return CompletableFuture.completedFuture(List.of(Segment.ROOT_SEGMENT));
    }
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
