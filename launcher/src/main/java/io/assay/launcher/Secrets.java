package io.assay.launcher;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** A folder with one secret a file, which only its owner can read. */
record Secrets(Path folder) {

  private static final int BYTES = 32;

  Path file(String name) {
    return folder.resolve(name);
  }

  boolean has(String name) {
    return Files.isReadable(file(name));
  }

  /**
   * The secret of a name.
   *
   * @throws CannotStart where there is none
   */
  String get(String name) {
    return read(file(name));
  }

  /** The secret that a file holds. */
  static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CannotStart("The secret " + file + " cannot be read: write it there.", e);
    }
  }

  /** The secret of a name: 256 random bits, minted once. */
  String mint(String name) {
    if (!has(name)) {
      write(name);
    }
    return get(name);
  }

  private void write(String name) {
    try {
      Files.createDirectories(folder, ownerOnly("rwx------"));
      var bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      var temporary = folder.resolve(name + ".new");
      Files.deleteIfExists(temporary);
      Files.createFile(temporary, ownerOnly("rw-------"));
      Files.writeString(temporary, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CannotStart(
          "The secret " + file(name) + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Attributes that nobody else gets past, where the file system has such. */
  static FileAttribute<?>[] ownerOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
