package io.assay.eventlog;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.ModelId;
import io.assay.contracts.Writer;
import io.assay.eventlog.Writers.Acknowledged;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Writers in a Java process of their own, which says on its standard output what is acknowledged,
 * and ends when its standard input does.
 */
final class WriterProcess implements AutoCloseable {

  private static final String END = ".";

  private final Process process;
  private final Thread reader;
  private boolean killed;

  private WriterProcess(Process process, Consumer<Acknowledged> acknowledged) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(() -> read(acknowledged));
  }

  /** Starts writers of the registry on a database. */
  static WriterProcess start(
      String url, String password, int writers, ModelId hot, Consumer<Acknowledged> acknowledged)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                List.of(
                    java,
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    WriterProcess.class.getName(),
                    url,
                    password,
                    Integer.toString(writers),
                    hot.value().toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new WriterProcess(process, acknowledged);
  }

  /** {@code kill -9} of the process that was started here. */
  void kill() throws InterruptedException {
    killed = true;
    process.destroyForcibly().waitFor();
    reader.join();
  }

  private void read(Consumer<Acknowledged> acknowledged) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var words = line.split(" ");
        // The last line of a killed process may be torn.
        if (words.length == 3 && words[2].equals(END)) {
          acknowledged.accept(
              new Acknowledged(UUID.fromString(words[0]), Long.parseLong(words[1])));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the writers end what they do, and the process itself. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      reader.join();
      if (!killed && process.exitValue() != 0) {
        throw new IOException("The writers ended with " + process.exitValue());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The process: url, password, count of writers, hot model. */
  public static void main(String[] args) throws IOException {
    var source = new PGSimpleDataSource();
    source.setUrl(args[0]);
    source.setUser(Writer.REGISTRY.role());
    source.setPassword(args[1]);
    var codec = EventCodec.of(new EventJson(EventCatalogue.assay()));
    var hot = ModelId.parse(args[3]);
    try (var log = PostgresEventLog.on(source, source, Writer.REGISTRY.service(), codec).open();
        var writers = new Writers(log, Integer.parseInt(args[2]), hot, WriterProcess::print)) {
      while (System.in.read() >= 0) {
        // Goes on until the parent closes its end, or is gone.
      }
    }
  }

  private static synchronized void print(Acknowledged acknowledged) {
    System.out.println(acknowledged.id() + " " + acknowledged.position() + " " + END);
  }
}
