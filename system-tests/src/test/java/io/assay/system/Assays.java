package io.assay.system;

import io.assay.cli.Api;
import io.assay.cli.DevelopmentIssuer;
import io.assay.cli.TokenCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Assay that tests share, on free ports over a temporary folder. */
final class Assays {

  private static final class Shared {
    static final Shape SHAPE = started();
    static final TokenCache TOKENS =
        new TokenCache(new DevelopmentIssuer(SHAPE.issuer(), SHAPE.issuerSecret())::token);

    private static Shape started() {
      var shape = Shape.start();
      Runtime.getRuntime().addShutdownHook(new Thread(shape::close, "stop"));
      return shape;
    }
  }

  private Assays() {}

  static Shape shared() {
    return Shared.SHAPE;
  }

  /** The public interface of the shared installation. */
  static Api api() {
    return new Api(shared().url(), Assays::token);
  }

  /** A token of a development user. */
  static String token(String user) {
    return Shared.TOKENS.apply(user);
  }

  static DevelopmentIssuer issuer(Path data, URI address) {
    return new DevelopmentIssuer(address, data.resolve("dev-issuer").resolve("client-secret"));
  }

  static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("assay-system-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
