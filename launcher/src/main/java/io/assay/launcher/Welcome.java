package io.assay.launcher;

/** What a person needs once Assay runs. */
final class Welcome {

  private Welcome() {}

  static void print(DataFolder.State state, DataFolder folder, Progress progress) {
    progress.say("");
    progress.say("Assay runs: " + state.url());
    progress.say(
        "Development users (a token: assay token USER): ml-engineer-1…2, model-validator-1…2,");
    progress.say(
        "  risk-officer-1…2, compliance-officer-1…3, auditor-1, operator-1…2, admin-1, pipeline-1");
    if (state.keycloak()) {
      progress.say("Their password is in " + folder.secretFile(KeycloakRealm.DEVELOPMENT_PASSWORD));
      progress.say("Keycloak: " + state.issuer());
    }
    progress.say("Ready after %.1f s.".formatted(progress.elapsed().toMillis() / 1000.0));
  }
}
