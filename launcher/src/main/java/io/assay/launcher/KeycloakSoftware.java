package io.assay.launcher;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Keycloak's files, unpacked and built for PostgreSQL once for this user and version, and kept: the
 * build takes half a minute, a start from the built folder seconds.
 */
final class KeycloakSoftware {

  /** Built in, so that the start need not look at them again. No second port for health. */
  private static final List<String> BUILD =
      List.of(
          "build",
          "--db=postgres",
          "--health-enabled=true",
          "--http-management-health-enabled=false",
          "--metrics-enabled=false");

  private static final String SUFFIX = ".tar.gz";
  private static final long BUILD_MINUTES = 10;

  private KeycloakSoftware() {}

  /** The archive that the script had Maven fetch. */
  static Path archive() {
    var folder = Path.of(System.getProperty("assay.home", "."), "launcher", "target", "keycloak");
    try (var files = Files.isDirectory(folder) ? Files.list(folder) : Stream.<Path>empty()) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .max(Comparator.naturalOrder())
          .orElseThrow(
              () -> new CannotStart("Keycloak is not in " + folder + ": start it by ./assay up."));
    } catch (IOException e) {
      throw new CannotStart("The folder " + folder + " cannot be read: " + e.getMessage());
    }
  }

  /**
   * The built folder of a distribution.
   *
   * @param archive as Maven has it, {@code keycloak-quarkus-dist-VERSION.tar.gz}
   */
  static Path of(Path archive, Progress progress) {
    if (!Files.isRegularFile(archive)) {
      throw new CannotStart(
          "Keycloak's distribution is not at " + archive + ": ./assay up --keycloak fetches it.");
    }
    var name = archive.getFileName().toString();
    var built = cache().resolve(name.substring(0, name.length() - SUFFIX.length()));
    var done = built.resolve("assay-built");
    if (Files.exists(done)) {
      return built;
    }
    try {
      Files.createDirectories(built.getParent());
      try (var channel = FileChannel.open(built.resolveSibling("keycloak.lock"), CREATE, WRITE);
          var lock = channel.lock()) {
        if (!Files.exists(done) && lock.isValid()) { // else another process was faster
          Trees.delete(built);
          progress.step("Keycloak unpacked, once", () -> unpacked(archive, built));
          progress.step("Keycloak built, once", () -> build(built));
          Files.createFile(done);
        }
        return built;
      }
    } catch (IOException e) {
      throw new CannotStart("Keycloak cannot be unpacked into " + built + ": " + e.getMessage(), e);
    }
  }

  /** The Java command for a folder, up to and without Keycloak's own arguments. */
  static List<String> java(Path home) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms64m",
        "-Xmx512m",
        "-XX:MaxMetaspaceSize=256m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        "-Duser.language=en",
        "-Duser.country=US",
        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
            + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Dpicocli.disable.closures=true",
        "-Dquarkus-log-max-startup-records=10000",
        "-Dkc.home.dir=" + home,
        "-Djboss.server.config.dir=" + home.resolve("conf"),
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        "--add-opens=java.base/java.security=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        home.resolve("lib").resolve("quarkus-run.jar").toString(),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint");
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("ASSAY_CACHE"))
        .map(Path::of)
        .or(
            () ->
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                    .map(folder -> Path.of(folder, "assay")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "assay"))
        .toAbsolutePath();
  }

  private static Path unpacked(Path archive, Path into) {
    try (var tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var path = Path.of(entry.getName()).normalize();
        if (path.getNameCount() < 2) {
          continue; // the folder that everything is in
        }
        var file = into.resolve(path.subpath(1, path.getNameCount())).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("An archived file is outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        Files.copy(tar, file);
        if ((entry.getMode() & 0100) != 0
            && Files.getFileStore(file).supportsFileAttributeView("posix")) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
      return into;
    } catch (IOException e) {
      throw new CannotStart("Keycloak cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private static Path build(Path home) {
    var log = home.resolve("build.log");
    var command = new ArrayList<>(java(home));
    command.addAll(BUILD);
    try {
      var process =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new CannotStart("Keycloak's build takes too long: see " + log);
      }
      if (process.exitValue() != 0) {
        throw new CannotStart("Keycloak's build fails: see " + log);
      }
      return home;
    } catch (IOException e) {
      throw new CannotStart("Keycloak cannot be built: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("Interrupted while Keycloak was built", e);
    }
  }
}
