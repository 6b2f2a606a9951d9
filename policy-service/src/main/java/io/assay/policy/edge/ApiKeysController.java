package io.assay.policy.edge;

import io.assay.contracts.ApiKeyId;
import io.assay.eventlog.EventLog;
import io.assay.platform.http.AnsweredOnce;
import io.assay.platform.http.Cursors;
import io.assay.platform.http.Positions;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Invocations;
import io.assay.platform.identity.Roles;
import io.assay.platform.identity.apikey.ApiKey;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.policy.api.ApiKeysApi;
import io.assay.policy.api.model.ApiKeyPage;
import io.assay.policy.api.model.ApiKeyRevocation;
import io.assay.policy.api.model.ApiKeyScope;
import io.assay.policy.api.model.ApiKeyStatus;
import io.assay.policy.api.model.IssuedApiKey;
import io.assay.policy.api.model.NewApiKey;
import io.assay.policy.apikeys.ApiKeyRow;
import io.assay.policy.apikeys.ApiKeyRows;
import io.assay.policy.issueapikey.IssueApiKey;
import io.assay.policy.revokeapikey.RevokeApiKey;
import io.assay.policy.view.PolicyReads;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API keys over HTTP. A key leaves the process once, in the answer to its issuer. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ApiKeysController implements ApiKeysApi {

  private static final int DEFAULT_LIMIT = 100;

  private final SecureRandom random = new SecureRandom();
  private final Invocations invocations;
  private final Commands commands;
  private final EventLog log;
  private final ApiKeyRows rows;
  private final PolicyReads reads;
  private final Cursors cursors;
  private final Wire wire;
  private final ApiKeyConfiguration configuration;

  ApiKeysController(
      Invocations invocations,
      Commands commands,
      EventLog log,
      ApiKeyRows rows,
      PolicyReads reads,
      Cursors cursors,
      Wire wire,
      ApiKeyConfiguration configuration) {
    this.invocations = invocations;
    this.commands = commands;
    this.log = log;
    this.rows = rows;
    this.reads = reads;
    this.cursors = cursors;
    this.wire = wire;
    this.configuration = configuration;
  }

  @Override
  @AnsweredOnce
  public HttpResponse<IssuedApiKey> issueApiKey(NewApiKey body) {
    var invocation = invocations.current();
    var key = ApiKey.mint(invocation.workspace(), new ApiKeyId(Ids.next()), random);
    var scopes = scopesOf(body);
    var expiresAt = body.getExpiresAt().toInstant().truncatedTo(ChronoUnit.MICROS);
    boolean readOnly = Boolean.TRUE.equals(body.getReadOnly());
    Receipt<ApiKeyId> receipt =
        commands.send(
            new IssueApiKey(
                key.id(),
                key.digest(),
                body.getName(),
                scopes,
                readOnly,
                expiresAt,
                configuration.longestLife()),
            invocation);
    long position = receipt.position().orElseThrow();
    Positions.written(position);
    var issuer = invocation.actor().id();
    var issued =
        new ApiKeyRow(
            key.id().value(),
            key.workspace(),
            body.getName(),
            issuer,
            scopes.stream().distinct().sorted().toList(),
            readOnly,
            expiresAt,
            null,
            null,
            null,
            null,
            log.event(position).orElseThrow().recordedAt(),
            issuer,
            position);
    return HttpResponse.created(
            new IssuedApiKey(key.spelled(), shown(issued, invocation)),
            URI.create("/api/v1/api-keys/" + key.id().value()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  @Override
  public ApiKeyPage listApiKeys(@Nullable Integer limit, @Nullable String cursor) {
    reads.await();
    var invocation = invocations.current();
    var issuer = onlyOf(invocation);
    var query = "api-keys|" + issuer;
    long below =
        cursor == null
            ? Long.MAX_VALUE
            : Long.parseLong(cursors.key(invocation.workspace(), query, cursor).getFirst());
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found = rows.keys(invocation.workspace(), issuer, below, size + 1);
    var page = new ApiKeyPage(new ArrayList<>());
    found.stream().limit(size).map(row -> shown(row, invocation)).forEach(page::addItemsItem);
    if (found.size() > size) {
      page.next(
          cursors.after(
              invocation.workspace(), query, Long.toString(found.get(size - 1).position())));
    }
    return page;
  }

  @Override
  public io.assay.policy.api.model.ApiKey getApiKey(UUID apikey) {
    reads.await();
    var invocation = invocations.current();
    return shown(row(apikey, invocation), invocation);
  }

  @Override
  public HttpResponse<io.assay.policy.api.model.ApiKey> revokeApiKey(
      UUID apikey, ApiKeyRevocation body) {
    var invocation = invocations.current();
    Receipt<ApiKeyId> receipt =
        commands.send(new RevokeApiKey(new ApiKeyId(apikey), body.getReason()), invocation);
    receipt
        .position()
        .ifPresent(
            position -> {
              Positions.written(position);
              reads.await(position);
            });
    return HttpResponse.ok(shown(row(apikey, invocation), invocation));
  }

  private static List<String> scopesOf(NewApiKey body) {
    var scopes = new ArrayList<String>();
    for (@Nullable ApiKeyScope scope : body.getScopes()) {
      if (scope == null) {
        throw new ProblemException(
            Rejection.malformed("/scopes/" + scopes.size(), "must be a scope, not null"));
      }
      scopes.add(scope.getValue());
    }
    return scopes;
  }

  private ApiKeyRow row(UUID id, Invocation invocation) {
    reads.requireNotParked(new ApiKeyId(id).tag().toString());
    return rows.key(invocation.workspace(), id, onlyOf(invocation))
        .orElseThrow(() -> new ProblemException(Rejection.notFound("such API key")));
  }

  /** Whose keys somebody sees; null for everybody's. */
  private static @Nullable String onlyOf(Invocation invocation) {
    return invocation.roles().contains(Roles.ADMIN) || invocation.roles().contains(Roles.AUDITOR)
        ? null
        : invocation.actor().id();
  }

  private io.assay.policy.api.model.ApiKey shown(ApiKeyRow row, Invocation invocation) {
    var key =
        new io.assay.policy.api.model.ApiKey(
            row.id(),
            row.workspace(),
            scopes(row.scopes()),
            row.readOnly(),
            row.revokedAt() != null
                ? ApiKeyStatus.REVOKED
                : invocation.now().isBefore(row.expiresAt())
                    ? ApiKeyStatus.ACTIVE
                    : ApiKeyStatus.EXPIRED,
            Wire.utc(row.expiresAt()),
            wire.actor(row.issuer(), "person"),
            Wire.utc(row.createdAt()),
            row.createdBy(),
            row.position());
    key.name(row.name()).revokedBy(row.revokedBy()).revocationReason(row.revocationReason());
    if (row.lastUsedAt() != null) {
      key.lastUsedAt(Wire.utc(row.lastUsedAt()));
    }
    return row.revokedAt() == null ? key : key.revokedAt(Wire.utc(row.revokedAt()));
  }

  private static List<ApiKeyScope> scopes(List<String> scopes) {
    return scopes.stream().map(ApiKeyScope::fromValue).toList();
  }
}
