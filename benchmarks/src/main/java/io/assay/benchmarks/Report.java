package io.assay.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What was measured, with everything that a reader needs to judge it.
 *
 * @param rounds by the count of clients, in the order they were measured
 * @param time how long each measurement took
 * @param loadBefore the load average of the machine before the run; negative where unknown
 * @param postgres the server's settings that decide the figures
 */
record Report(
    Map<Integer, List<Round>> rounds,
    Duration time,
    double loadBefore,
    Map<String, String> postgres) {

  /**
   * Steps a second of the anchor and of what is measured against it, one after the other.
   *
   * @param batch appends in one transaction, on average
   * @param backend microseconds of the appender's backend's processor time for one append: hardly
   *     changed by what else the machine does; NaN where it cannot be read
   */
  record Round(double anchor, double subject, double batch, double backend) {
    double ratio() {
      return subject / anchor;
    }
  }

  /** Medians, and the lowest and highest ratio of any round. */
  String table() {
    var table = new StringBuilder();
    table.append(
        "%nAppends/s of the log over bare inserts/s; medians of %d rounds of %d s%n%n"
            .formatted(
                rounds.values().stream().mapToInt(List::size).max().orElse(0), time.toSeconds()));
    table.append(
        "%8s %12s %12s %8s   %-14s %8s %12s%n"
            .formatted(
                "clients",
                "bare/s",
                "appends/s",
                "ratio",
                "lowest-highest",
                "batch",
                "backend \u00b5s"));
    rounds.forEach(
        (clients, measured) ->
            table.append(
                "%8d %,12.0f %,12.0f %8.2f   %.2f-%-9.2f %8.1f %12.1f%n"
                    .formatted(
                        clients,
                        median(measured, Round::anchor),
                        median(measured, Round::subject),
                        median(measured, Round::ratio),
                        measured.stream().mapToDouble(Round::ratio).min().orElse(Double.NaN),
                        measured.stream().mapToDouble(Round::ratio).max().orElse(Double.NaN),
                        median(measured, Round::batch),
                        median(measured, Round::backend))));
    if (loadBefore > processors() / 2.0) {
      // Many connections then get more of the processors than one appender does.
      table.append(
          "%nThe machine was busy (load %.1f on %d processors): these figures are not the log's.%n"
              .formatted(loadBefore, processors()));
    }
    return table.append('\n').toString();
  }

  void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json());
  }

  private Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("benchmark", "append");
    json.put("unit", "steps per second");
    json.put("at", Instant.now().toString());
    json.put("commit", git("rev-parse", "HEAD"));
    json.put("modified", !git("status", "--porcelain", "--untracked-files=no").isEmpty());
    json.put("jdk", Runtime.version().toString());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    json.put("processors", processors());
    json.put("loadBefore", loadBefore);
    json.put("postgres", postgres);
    json.put("seconds", time.toSeconds());
    json.put(
        "results",
        rounds.entrySet().stream().map(of -> result(of.getKey(), of.getValue())).toList());
    return json;
  }

  private static Map<String, Object> result(int clients, List<Round> measured) {
    var result = new LinkedHashMap<String, Object>();
    result.put("clients", clients);
    result.put("bare", median(measured, Round::anchor));
    result.put("appends", median(measured, Round::subject));
    result.put("ratio", median(measured, Round::ratio));
    result.put("appendsPerTransaction", median(measured, Round::batch));
    result.put("backendMicrosecondsPerAppend", median(measured, Round::backend));
    result.put(
        "rounds",
        measured.stream()
            .map(
                round ->
                    Map.of(
                        "bare", round.anchor(), "appends", round.subject(), "ratio", round.ratio()))
            .toList());
    return result;
  }

  static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
    var sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** What git says here; "unknown" where there is none. */
  private static String git(String... arguments) {
    var command = new ArrayList<String>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command)
              .directory(new File(System.getProperty("assay.home", ".")))
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0
          ? said.strip()
          : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
