package io.assay.platform.identity.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Files that only their owner reads (mode 0600 in a folder of mode 0700). */
final class IssuerFolder {

  private final Path folder;

  IssuerFolder(Path folder) {
    this.folder = folder;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, permissions("rwx------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of the issuer cannot be made: " + folder, e);
    }
  }

  Optional<String> read(String name) {
    var file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** Replaces the file as a whole; it is never readable by others, not even for a moment. */
  void write(String name, String content) {
    var file = folder.resolve(name);
    try {
      var fresh = Files.createTempFile(folder, name, ".new", permissions("rw-------"));
      Files.write(
          fresh, content.getBytes(StandardCharsets.UTF_8), StandardOpenOption.TRUNCATE_EXISTING);
      try {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  private FileAttribute<?>[] permissions(String mode) {
    var posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString(mode)))
        }
        : new FileAttribute<?>[0];
  }
}
