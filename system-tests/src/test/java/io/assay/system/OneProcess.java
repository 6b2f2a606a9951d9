package io.assay.system;

import io.assay.launcher.Installation;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Everything in this process. */
record OneProcess(Path folder, Installation installation) implements Shape {

  private static final String CONFIGURATION = "micronaut.config.files";

  static OneProcess start(Path folder) {
    var before = System.getProperty(CONFIGURATION);
    System.setProperty(
        CONFIGURATION, WorkloadIssuers.shared().configuration(Assays.temporaryFolder()).toString());
    try {
      return new OneProcess(folder, Installation.start(folder, 0));
    } finally {
      if (before == null) {
        System.clearProperty(CONFIGURATION);
      } else {
        System.setProperty(CONFIGURATION, before);
      }
    }
  }

  @Override
  public URI url() {
    return installation.url();
  }

  @Override
  public URI issuer() {
    return installation.issuer();
  }

  @Override
  public URI service(String name) {
    return installation.service(name);
  }

  @Override
  public List<URI> instancesOf(String name) {
    return List.of(service(name));
  }

  @Override
  public Path issuerSecret() {
    return folder.resolve("dev-issuer").resolve("client-secret");
  }

  @Override
  public void close() {
    installation.close();
  }
}
