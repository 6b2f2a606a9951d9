package io.assay.launcher;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * Where an installation keeps what survives it: the database, the secrets, the logs, and the state
 * file that tells other processes where it runs. Only its owner can read it.
 */
final class DataFolder {

  private static final String STATE = "state.properties";

  private final Path path;

  DataFolder(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  Path path() {
    return path;
  }

  Path postgres() {
    return path.resolve("postgres");
  }

  Path keycloak() {
    return path.resolve("keycloak");
  }

  Path artifacts() {
    return path.resolve("artifacts");
  }

  Path logs() {
    return path.resolve("logs");
  }

  /** Who can read it may have a token of any development user. */
  Path issuerSecretFile() {
    return path.resolve("dev-issuer").resolve("client-secret");
  }

  Path secretFile(String name) {
    return secrets().file(name);
  }

  /** Creates the folder where it is missing, for its owner only. */
  void create() {
    try {
      Files.createDirectories(path, Secrets.ownerOnly("rwx------"));
      Files.createDirectories(logs());
      Files.createDirectories(path.resolve("secrets"), Secrets.ownerOnly("rwx------"));
    } catch (IOException e) {
      throw new CannotStart("The data folder " + path + " cannot be used: " + e.getMessage());
    }
  }

  /**
   * Takes the folder for this process, creating it where it is missing.
   *
   * @throws CannotStart where another process has it
   */
  Lock lock() {
    create();
    try {
      var channel = FileChannel.open(path.resolve("lock"), CREATE, WRITE);
      if (!tryLock(channel)) {
        channel.close();
        throw new CannotStart(
            "The data folder "
                + path
                + " is in use"
                + state().map(state -> " by process " + state.pid()).orElse("")
                + ": `assay down` ends it, --data names another folder.");
      }
      return new Lock(channel);
    } catch (IOException e) {
      throw new CannotStart("The data folder " + path + " cannot be used: " + e.getMessage());
    }
  }

  /** Whether a process has taken the folder. */
  boolean isLocked() {
    var file = path.resolve("lock");
    if (!Files.exists(file)) {
      return false;
    }
    try (var channel = FileChannel.open(file, WRITE)) {
      return !tryLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The state that a running installation wrote; empty where none runs. */
  Optional<State> state() {
    var file = path.resolve(STATE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(
        new State(
            Long.parseLong(properties.getProperty("pid")),
            properties.getProperty("url"),
            properties.getProperty("issuer"),
            Boolean.parseBoolean(properties.getProperty("keycloak"))));
  }

  void write(State state) {
    var properties = new Properties();
    properties.setProperty("pid", Long.toString(state.pid()));
    properties.setProperty("url", state.url());
    properties.setProperty("issuer", state.issuer());
    properties.setProperty("keycloak", Boolean.toString(state.keycloak()));
    try {
      var temporary = path.resolve(STATE + ".new");
      try (var writer = Files.newBufferedWriter(temporary)) {
        properties.store(writer, "A running installation; removed when it ends.");
      }
      Files.move(temporary, path.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void forgetState() {
    try {
      Files.deleteIfExists(path.resolve(STATE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Secrets secrets() {
    return new Secrets(path.resolve("secrets"));
  }

  /** The secret of a name: 256 random bits, minted once. */
  String secret(String name) {
    return secrets().mint(name);
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  /**
   * Where an installation runs.
   *
   * @param url of the gateway
   * @param issuer of the development users' tokens
   * @param keycloak whether that is a Keycloak and not the development issuer
   */
  record State(long pid, String url, String issuer, boolean keycloak) {}

  /** The folder, taken; the system releases it when the process ends, however it ends. */
  static final class Lock implements AutoCloseable {

    private final FileChannel channel;

    private Lock(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
