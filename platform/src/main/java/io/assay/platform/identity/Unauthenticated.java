package io.assay.platform.identity;

import io.assay.platform.problem.Rejection;
import io.micronaut.http.HttpRequest;

/** What is said to whom nobody knows. */
public final class Unauthenticated {

  private Unauthenticated() {}

  /** 401, with what to send instead. */
  public static Rejection rejection(HttpRequest<?> request) {
    return Rejection.unauthenticated(
        CredentialReader.isBasic(request)
            ? "HTTP Basic takes an API key as the password, and any user name. This is no API key."
            : "Send Authorization: Bearer with a valid access token or API key.");
  }
}
