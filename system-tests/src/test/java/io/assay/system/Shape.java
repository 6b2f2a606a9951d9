package io.assay.system;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** An Assay that runs, in whatever shape. Closing ends it. */
interface Shape extends AutoCloseable {

  /** The shape that {@code assay.shape} names: {@code one} process, or {@code several}. */
  static Shape start() {
    var name = name();
    return switch (name) {
      case "one" -> OneProcess.start(Assays.temporaryFolder());
      case "several" -> SeveralProcesses.start(Assays.temporaryFolder());
      default -> throw new IllegalArgumentException("There is no shape " + name);
    };
  }

  static boolean isSeveral() {
    return name().equals("several");
  }

  private static String name() {
    return System.getProperty("assay.shape", "one");
  }

  /** The address of a gateway. */
  URI url();

  /** The address of the development issuer. */
  URI issuer();

  /** The address of an instance of a service itself, past the gateway. */
  URI service(String name);

  /** The addresses of all its instances. */
  List<URI> instancesOf(String name);

  /** The secret with which the issuer gives tokens of its users. */
  Path issuerSecret();

  /** Where everything is that it keeps: the database, logs, artifacts. */
  Path folder();

  @Override
  void close();
}
