package io.assay.platform.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A broken rule, as a value.
 *
 * @param slug names the page {@code /problems/<slug>} that says how to fix it
 * @param status the HTTP status that it is answered with
 * @param title the kind of problem, the same for every occurrence
 * @param detail this occurrence, and what to do
 * @param errors the fields concerned, by JSON pointer
 * @param extensions further members of the problem document
 */
public record Rejection(
    String slug,
    int status,
    String title,
    String detail,
    List<FieldError> errors,
    Map<String, Object> extensions) {

  /** The extension member that is also answered as {@code Retry-After}, in seconds. */
  public static final String RETRY_AFTER = "retryAfter";

  /**
   * What is wrong with one field.
   *
   * @param pointer JSON pointer (RFC 6901) into the body, or {@code #/path/…}, {@code #/query/…},
   *     {@code #/header/…} for what is outside it
   */
  public record FieldError(String pointer, String detail) {}

  public Rejection {
    errors = List.copyOf(errors);
    extensions = Map.copyOf(extensions);
  }

  public static Rejection of(String slug, int status, String title, String detail) {
    return new Rejection(slug, status, title, detail, List.of(), Map.of());
  }

  /** Of a kind in the catalogue, which has its status and title. */
  public static Rejection of(String slug, String detail) {
    var page =
        ProblemCatalogue.page(slug)
            .orElseThrow(() -> new IllegalArgumentException("No problem is called " + slug));
    return of(slug, page.status(), page.title(), detail);
  }

  /** 400: the request is not well-formed. */
  public static Rejection malformed(String pointer, String detail) {
    return of("malformed-request", detail).at(pointer, detail);
  }

  /** 400: the request is not well-formed, in these places. */
  public static Rejection malformed(List<FieldError> errors) {
    var detail =
        errors.size() == 1
            ? errors.getFirst().detail()
            : errors.size() + " fields are at fault; errors names each.";
    var of = of("malformed-request", detail);
    return new Rejection(of.slug, of.status, of.title, detail, errors, Map.of());
  }

  /** 400: this view has only the present. */
  public static Rejection asOfUnsupported() {
    return of("as-of-unsupported", "asOf is not answered here; the audit events answer it.");
  }

  /** 401: nobody known asks. */
  public static Rejection unauthenticated(String detail) {
    return of("unauthenticated", detail);
  }

  /** 403: none of the actor's roles allows it. */
  public static Rejection roleMissing(String detail) {
    return of("role-missing", detail);
  }

  /** 403: the actor has none of these roles. */
  public static Rejection roleMissing(List<String> roles) {
    return roleMissing(
            roles.isEmpty()
                ? "No role allows this."
                : roles.size() == 1
                    ? "This takes the role " + roles.getFirst() + "."
                    : "This takes one of the roles " + String.join(", ", roles) + ".")
        .with("roles", roles);
  }

  /** 403: the same person must not do both. */
  public static Rejection separationOfDuties(String detail) {
    return of("separation-of-duties", detail);
  }

  /** 403: the policy in force does not permit it. */
  public static Rejection policyRefused(String detail) {
    return of("policy-refused", detail);
  }

  /** 403: the policy in force does not permit it; conditions as the decision states them. */
  public static Rejection policyRefused(
      String detail, List<?> conditions, UUID decision, UUID promotion) {
    return policyRefused(detail)
        .with("conditions", conditions)
        .with("decision", decision)
        .with("promotion", promotion);
  }

  /** 404: there is no such thing, or it is not the caller's to see. */
  public static Rejection notFound(String what) {
    return of("not-found", "There is no " + what + ".");
  }

  /** 409: it is there already. */
  public static Rejection exists(String detail) {
    return of("already-exists", detail);
  }

  /** 409: the state does not allow it. */
  public static Rejection state(String detail) {
    return of("wrong-state", detail);
  }

  /** 409: others wrote at the same time, more often than it was tried again. */
  public static Rejection lostRace() {
    return of(
        "lost-race",
        "Others changed the same thing at the same time. Read it again and repeat the request.");
  }

  /** 412: If-Match names another version. */
  public static Rejection preconditionFailed(String detail) {
    return of("precondition-failed", detail).at("#/header/If-Match", detail);
  }

  /** 413: the body is over the route's limit. */
  public static Rejection tooLarge(long limit) {
    return of("too-large", "The body has at most " + limit + " bytes here.");
  }

  /** 422: the reference names nothing. */
  public static Rejection unknownReference(String pointer, String detail) {
    return of("unknown-reference", detail).at(pointer, detail);
  }

  /** 422: the digest is not that of the content. */
  public static Rejection digestMismatch(String detail) {
    return of("digest-mismatch", detail);
  }

  /** 422: well-formed, but not acceptable. */
  public static Rejection unacceptable(String pointer, String detail) {
    return of("unacceptable", detail).at(pointer, detail);
  }

  /** 429: over the rate limit. */
  public static Rejection tooManyRequests(long retryAfterSeconds) {
    return of("too-many-requests", "You are over the rate limit.").retryAfter(retryAfterSeconds);
  }

  /** 503: try again later. */
  public static Rejection unavailable(String detail) {
    return of("unavailable", detail);
  }

  /** 503: an event of this entity is parked, and the view would be stale. */
  public static Rejection parked(String detail) {
    return of("parked", detail);
  }

  /** The same, worth asking again after so many seconds; answered as {@code Retry-After}. */
  public Rejection retryAfter(long seconds) {
    return with(RETRY_AFTER, seconds);
  }

  /** The same, with one more field concerned. */
  public Rejection at(String pointer, String fieldDetail) {
    var more = new ArrayList<>(errors);
    more.add(new FieldError(pointer, fieldDetail));
    return new Rejection(slug, status, title, detail, more, extensions);
  }

  /** The same, with one more member. */
  public Rejection with(String member, Object value) {
    var more = new LinkedHashMap<>(extensions);
    more.put(member, value);
    return new Rejection(slug, status, title, detail, errors, more);
  }
}
