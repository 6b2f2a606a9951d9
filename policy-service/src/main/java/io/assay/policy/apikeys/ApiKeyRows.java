package io.assay.policy.apikeys;

import io.assay.contracts.ApiKeyEvent;
import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.view.Sql;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of API keys. It decides nothing: services admit keys by the log itself. */
@Singleton
public class ApiKeyRows {

  private static final String KEY =
      "select k.*, directory.api_key_last_used(k.id) as last_used_at from api_key k";

  private final Sql sql;

  public ApiKeyRows(Sql sql) {
    this.sql = sql;
  }

  public void on(ApiKeyEvent event, RecordedEvent recorded) {
    switch (event) {
      case ApiKeyIssued e ->
          sql.update(
              """
              insert into api_key (id, workspace, name, issuer, scopes, read_only, expires_at,
                                   created_at, created_by, position)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              e.apiKey().value(),
              recorded.metadata().workspace(),
              e.name(),
              e.issuer(),
              String.join(",", e.scopes()),
              e.readOnly(),
              e.expiresAt(),
              recorded.recordedAt(),
              recorded.metadata().actor().id(),
              recorded.position());
      case ApiKeyRevoked e ->
          sql.update(
              """
              update api_key set revoked_at = ?, revoked_by = ?, revocation_reason = ?,
                                 revocation_position = ?
               where id = ?
              """,
              recorded.recordedAt(),
              recorded.metadata().actor().id(),
              e.reason(),
              recorded.position(),
              e.apiKey().value());
    }
  }

  /** The text of the event at a position was erased. */
  public void erased(long position) {
    sql.update("update api_key set name = null where position = ?", position);
    sql.update(
        "update api_key set revocation_reason = null where revocation_position = ?", position);
  }

  public void clear() {
    sql.update("truncate api_key");
  }

  /**
   * A key by id.
   *
   * @param issuer whose key it has to be; null for anybody's
   */
  public Optional<ApiKeyRow> key(String workspace, UUID id, @Nullable String issuer) {
    return sql
        .list(
            ApiKeyRows::row,
            KEY + " where k.workspace = ? and k.id = ? and (?::text is null or k.issuer = ?)",
            workspace,
            id,
            issuer,
            issuer)
        .stream()
        .findFirst();
  }

  /** Keys whose event is below a position, newest first. */
  public List<ApiKeyRow> keys(String workspace, @Nullable String issuer, long below, int limit) {
    return sql.list(
        ApiKeyRows::row,
        KEY
            + """
               where k.workspace = ? and (?::text is null or k.issuer = ?) and k.position < ?
               order by k.position desc limit ?
              """,
        workspace,
        issuer,
        issuer,
        below,
        limit);
  }

  private static ApiKeyRow row(ResultSet row) throws SQLException {
    return new ApiKeyRow(
        row.getObject("id", UUID.class),
        row.getString("workspace"),
        row.getString("name"),
        row.getString("issuer"),
        List.of(row.getString("scopes").split(",", -1)),
        row.getBoolean("read_only"),
        Objects.requireNonNull(Sql.instant(row, "expires_at")),
        Sql.instant(row, "last_used_at"),
        Sql.instant(row, "revoked_at"),
        row.getString("revoked_by"),
        row.getString("revocation_reason"),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        row.getString("created_by"),
        row.getLong("position"));
  }
}
