package io.assay.launcher;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The binaries of PostgreSQL that came with the jar, unpacked once into a folder. */
final class PostgresBinaries {

  /** The version whose files are in the data folder; another one gets a folder of its own. */
  static final String VERSION = "18";

  private PostgresBinaries() {}

  /** The folder with {@code bin}, {@code lib} and {@code share}. */
  static Path in(Path folder) {
    var unpacked = folder.resolve("software-" + VERSION);
    if (Files.isDirectory(unpacked)) {
      return unpacked;
    }
    var partial = folder.resolve("software.partial");
    var name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var system = name.startsWith("mac") ? "Darwin" : name.startsWith("win") ? "Windows" : "Linux";
    try (var archive =
            DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                system, System.getProperty("os.arch"));
        var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      unpack(tar, partial);
      Files.move(partial, unpacked, StandardCopyOption.ATOMIC_MOVE);
      return unpacked;
    } catch (IOException | IllegalStateException e) {
      throw new CannotStart("PostgreSQL cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path into) throws IOException {
    for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      var file = into.resolve(entry.getName()).normalize();
      if (!file.startsWith(into)) {
        throw new IOException("An archived file is outside of its folder: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
        continue;
      }
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        continue;
      }
      Files.copy(tar, file);
      if ((entry.getMode() & 0100) != 0
          && Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }
}
