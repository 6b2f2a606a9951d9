package io.assay.system;

import io.assay.launcher.Installation;
import java.net.URI;
import java.nio.file.Path;

/** Everything in this process. */
record OneProcess(Path folder, Installation installation) implements Shape {

  static OneProcess start(Path folder) {
    return new OneProcess(folder, Installation.start(folder, 0));
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
  public Path issuerSecret() {
    return folder.resolve("dev-issuer").resolve("client-secret");
  }

  @Override
  public void close() {
    installation.close();
  }
}
