package io.assay.platform.identity;

import io.micronaut.security.authentication.Authentication;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a program presents in the place of a person's token. It is no claim of a token: nothing that
 * an issuer writes can be taken for one.
 *
 * @param workspace the only one that it opens
 * @param onBehalfOf the actor who answers for what it does; null where none is known
 * @param readOnly whether it changes nothing
 * @param issuedAt when it began
 */
record Credential(
    Kind kind, String workspace, @Nullable String onBehalfOf, boolean readOnly, Instant issuedAt) {

  enum Kind {
    API_KEY,
    WORKLOAD
  }

  /** The attribute of an authentication that holds it. */
  static final String ATTRIBUTE = "assay.credential";

  /** The one that authenticated; null where a token of our issuer did. */
  static @Nullable Credential of(Authentication authentication) {
    return authentication.getAttributes().get(ATTRIBUTE) instanceof Credential credential
        ? credential
        : null;
  }
}
