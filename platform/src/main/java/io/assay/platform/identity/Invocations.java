package io.assay.platform.identity;

import io.assay.eventlog.Actor;
import io.assay.platform.http.RequestId;
import io.assay.platform.http.TraceContext;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes of an authenticated request the {@link Invocation} that rules see, once. */
@Singleton
@Requires(beans = ActorDirectory.class)
public class Invocations {

  public static final String WORKSPACE_HEADER = "Assay-Workspace";
  public static final String DEFAULT_WORKSPACE = "default";

  private static final String ATTRIBUTE = "assay.invocation";
  private static final Pattern WORKSPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?");

  /** The attribute of an authentication that lists its workspaces. */
  static final String WORKSPACES = "assay.workspaces";

  private static final String EVERY_WORKSPACE = "*";

  private final ActorDirectory directory;
  private final Clock clock;

  Invocations(ActorDirectory directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** The invocation of the request that this thread serves. */
  public Invocation current() {
    return current(
        ServerRequestContext.currentRequest()
            .orElseThrow(() -> new IllegalStateException("This thread serves no request")));
  }

  /**
   * The invocation of this request; the same one however often it is asked for.
   *
   * @throws ProblemException 401 if nobody is authenticated, 400 if the workspace is misspelt, 404
   *     if it is not the caller's to see
   */
  public Invocation current(HttpRequest<?> request) {
    var known = request.getAttribute(ATTRIBUTE, Invocation.class);
    if (known.isPresent()) {
      return known.get();
    }
    var authentication =
        request
            .getUserPrincipal(Authentication.class)
            .orElseThrow(
                () ->
                    new ProblemException(Rejection.unauthenticated("A bearer token is missing.")));
    var made = make(request, authentication);
    request.setAttribute(ATTRIBUTE, made);
    return made;
  }

  /** Lets the invocation of this request bear the tag of its Idempotency-Key. */
  public void withIdempotencyTag(HttpRequest<?> request, String tag) {
    var known = current(request);
    request.setAttribute(
        ATTRIBUTE,
        new Invocation(
            known.actor(),
            known.onBehalfOf(),
            known.roles(),
            known.workspace(),
            known.now(),
            known.correlation(),
            known.causation(),
            known.traceparent(),
            known.client(),
            tag));
  }

  private Invocation make(HttpRequest<?> request, Authentication authentication) {
    var claims = authentication.getAttributes();
    var roles = Set.copyOf(authentication.getRoles());
    var credential = Credential.of(authentication);
    var workspace = workspace(request, authentication);
    var traceparent = TraceContext.of(request);
    return new Invocation(
        directory.actor(
            text(claims.get("iss")),
            text(claims.get("sub")),
            claims.get("preferred_username") instanceof String name
                ? name
                : text(claims.get("sub")),
            credential != null || roles.contains(Roles.SERVICE) || roles.contains(Roles.PIPELINE)
                ? Actor.Kind.SERVICE
                : Actor.Kind.PERSON),
        credential == null ? null : credential.onBehalfOf(),
        roles,
        workspace,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        RequestId.of(request).orElseGet(() -> UUID.randomUUID().toString()),
        null,
        traceparent.orElse(null),
        claims.get("azp") instanceof String client ? client : null,
        null);
  }

  /**
   * The workspace that a request names. Its members' tokens have the group {@code
   * /workspaces/NAME}, one below it, or one that is mapped to a role there. An API key or a
   * workload belongs to one, which it need not name.
   */
  public static String workspace(HttpRequest<?> request, Authentication authentication) {
    var named = request.getHeaders().get(WORKSPACE_HEADER);
    var credential = Credential.of(authentication);
    if (credential != null && (named == null || named.equals(credential.workspace()))) {
      return credential.workspace();
    }
    if (credential == null && (named == null || named.equals(DEFAULT_WORKSPACE))) {
      return DEFAULT_WORKSPACE;
    }
    if (!WORKSPACE.matcher(named).matches()) {
      throw new ProblemException(
          Rejection.malformed(
              "#/header/" + WORKSPACE_HEADER,
              "A workspace's name has 1 to 60 lower-case letters, digits and inner hyphens."));
    }
    boolean member =
        credential == null
            && (authentication.getRoles().contains(Roles.SERVICE)
                || authentication.getAttributes().get(WORKSPACES)
                        instanceof Collection<?> workspaces
                    && (workspaces.contains(named) || workspaces.contains(EVERY_WORKSPACE)));
    if (!member) {
      throw new ProblemException(Rejection.notFound("workspace " + named));
    }
    return named;
  }

  /** The workspace that a request names, whoever asks and however it is spelt. */
  static String named(@Nullable HttpRequest<?> request) {
    var named = request == null ? null : request.getHeaders().get(WORKSPACE_HEADER);
    return named == null ? DEFAULT_WORKSPACE : named;
  }

  private static String text(@Nullable Object claim) {
    return String.valueOf(claim);
  }
}
