package io.assay.platform.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** What is wrong with one field. */
  public record FieldError(String pointer, String detail) {}

  public Rejection {
    errors = List.copyOf(errors);
    extensions = Map.copyOf(extensions);
  }

  public static Rejection of(String slug, int status, String title, String detail) {
    return new Rejection(slug, status, title, detail, List.of(), Map.of());
  }

  /** 400: the request is not well-formed. */
  public static Rejection malformed(String pointer, String detail) {
    return of("malformed-request", 400, "Malformed request", detail).at(pointer, detail);
  }

  /** 403: none of the actor's roles allows it. */
  public static Rejection roleMissing(String detail) {
    return of("role-missing", 403, "Role missing", detail);
  }

  /** 403: the same person must not do both. */
  public static Rejection separationOfDuties(String detail) {
    return of("separation-of-duties", 403, "Separation of duties", detail);
  }

  /** 403: the policy in force does not permit it. */
  public static Rejection policyRefused(String detail) {
    return of("policy-refused", 403, "Refused by policy", detail);
  }

  /** 404: there is no such thing, or it is not the caller's to see. */
  public static Rejection notFound(String what) {
    return of("not-found", 404, "Not found", "There is no " + what + ".");
  }

  /** 409: it is there already. */
  public static Rejection exists(String detail) {
    return of("already-exists", 409, "Already exists", detail);
  }

  /** 409: the state does not allow it. */
  public static Rejection state(String detail) {
    return of("wrong-state", 409, "Not possible in this state", detail);
  }

  /** 409: others wrote at the same time, more often than it was tried again. */
  public static Rejection lostRace() {
    return of(
        "lost-race",
        409,
        "Lost a race",
        "Others changed the same thing at the same time. Read it again and repeat the request.");
  }

  /** 422: the reference names nothing. */
  public static Rejection unknownReference(String pointer, String detail) {
    return of("unknown-reference", 422, "Unknown reference", detail).at(pointer, detail);
  }

  /** 422: the digest is not that of the content. */
  public static Rejection digestMismatch(String detail) {
    return of("digest-mismatch", 422, "Digest mismatch", detail);
  }

  /** 422: well-formed, but not acceptable. */
  public static Rejection unacceptable(String pointer, String detail) {
    return of("unacceptable", 422, "Not acceptable", detail).at(pointer, detail);
  }

  /** 503: try again later. */
  public static Rejection unavailable(String detail) {
    return of("unavailable", 503, "Temporarily unavailable", detail);
  }

  /** The same, with one more field concerned. */
  public Rejection at(String pointer, String fieldDetail) {
    var more = new java.util.ArrayList<>(errors);
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
