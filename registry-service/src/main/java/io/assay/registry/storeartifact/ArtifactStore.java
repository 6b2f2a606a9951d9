package io.assay.registry.storeartifact;

import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.Artifact;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of artifacts in a folder, each file named by its digest: no name from a request ever
 * becomes a path. Streams; the size of an artifact is no matter of memory.
 *
 * <p>A file is complete or not there: it is written aside, checked, forced to disk and moved.
 */
@Singleton
public class ArtifactStore {

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);

  private static final int BUFFER = 64 * 1024;

  private final Path files;
  private final Path incoming;

  ArtifactStore(@Property(name = "assay.artifacts.dir") String folder) {
    var root = Path.of(folder).toAbsolutePath().normalize();
    this.files = root.resolve("sha256");
    this.incoming = root.resolve("incoming");
    try {
      Files.createDirectories(files);
      Files.createDirectories(incoming);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of artifacts cannot be made", e);
    }
  }

  /**
   * Takes bytes in that must be those of the artifact.
   *
   * <p>Refuses other bytes with 422 and a broken stream with the stream's own exception; either way
   * nothing of them is kept.
   */
  public void receive(InputStream bytes, Artifact artifact) throws IOException {
    var temporary = Files.createTempFile(incoming, artifact.digest().hex(), ".part");
    try {
      var digest = Sha256.newDigest();
      long size = 0;
      try (var file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        var buffer = new byte[BUFFER];
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
          size += read;
          if (size > artifact.size()) {
            throw mismatch("The bytes are more than the %d of the manifest.", artifact.size());
          }
          digest.update(buffer, 0, read);
          write(file, ByteBuffer.wrap(buffer, 0, read));
        }
        if (size < artifact.size()) {
          throw mismatch(
              "The bytes are %d; the manifest says %d.".formatted(size, artifact.size()));
        }
        var received = Sha256.of(digest);
        if (!received.equals(artifact.digest())) {
          throw mismatch(
              "The bytes have the SHA-256 %s; the manifest says %s."
                  .formatted(received, artifact.digest()));
        }
        file.force(true);
      }
      var folder = Files.createDirectories(folder(artifact.digest()));
      var place = folder.resolve(artifact.digest().hex());
      Files.move(
          temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The file of a digest; empty while its bytes are not here. */
  public Optional<Path> file(Sha256 digest) {
    return Optional.of(folder(digest).resolve(digest.hex())).filter(Files::isRegularFile);
  }

  private Path folder(Sha256 digest) {
    return files.resolve(digest.hex().substring(0, 2));
  }

  private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Makes the new name durable; systems that cannot do without. */
  private static void force(Path folder) {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      LOG.debug("A folder cannot be forced to disk here", e);
    }
  }

  private static ProblemException mismatch(String detail, Object... values) {
    return new ProblemException(
        Rejection.digestMismatch(
            (values.length == 0 ? detail : detail.formatted(values))
                + " Nothing of them is kept."));
  }
}
