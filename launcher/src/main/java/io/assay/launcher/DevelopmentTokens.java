package io.assay.launcher;

import io.assay.cli.DevelopmentIssuer;
import io.assay.cli.KeycloakUsers;
import java.net.URI;
import java.util.function.UnaryOperator;

/** Where the tokens of a folder's development users come from. */
final class DevelopmentTokens {

  private DevelopmentTokens() {}

  /** Gives a token for a user's name. */
  static UnaryOperator<String> of(DataFolder.State state, DataFolder folder) {
    var issuer = URI.create(state.issuer());
    return state.keycloak()
        ? new KeycloakUsers(
                issuer,
                URI.create(state.url()),
                folder.secretFile(KeycloakRealm.DEVELOPMENT_PASSWORD))
            ::token
        : new DevelopmentIssuer(issuer, folder.issuerSecretFile())::token;
  }
}
