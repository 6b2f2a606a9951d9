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
import java.util.stream.Collectors;

/**
 * What was measured, with everything that a reader needs to judge it.
 *
 * @param benchmark its name
 * @param rows what was measured against what
 * @param time how long each measurement took
 * @param loadBefore the load average of the machine before the run; negative where unknown
 * @param postgres the server's settings that decide the figures
 */
record Report(
    String benchmark,
    List<Row> rows,
    Duration time,
    double loadBefore,
    Map<String, String> postgres) {

  /**
   * One comparison.
   *
   * @param rounds in the order they were measured, void ones included
   */
  record Row(String name, String anchor, String subject, List<Round> rounds) {

    List<Round> steady() {
      return rounds.stream().filter(Round::steady).toList();
    }

    /** NaN where no round was steady. */
    double median(ToDoubleFunction<Round> of) {
      return Report.median(steady(), of);
    }
  }

  /** Medians of the rounds that count, and the lowest and highest ratio of any of them. */
  String table() {
    var table = new StringBuilder();
    table.append(
        "%nMedians of measurements of %d s; void rounds, whose two anchors are more than 25 %% apart, do not count%n%n"
            .formatted(time.toSeconds()));
    table.append(
        "%-34s %20s %24s %8s   %-14s %s%n"
            .formatted("", "anchor/s", "subject/s", "ratio", "lowest-highest", "rounds"));
    for (var row : rows) {
      var steady = row.steady();
      table.append(
          "%-34s %20s %24s %8.2f   %-14s %d of %d%s%n"
              .formatted(
                  row.name(),
                  figure(row.median(Round::anchor)) + " " + row.anchor(),
                  figure(row.median(Round::subject)) + " " + row.subject(),
                  row.median(Round::ratio),
                  "%.2f-%.2f"
                      .formatted(
                          steady.stream().mapToDouble(Round::ratio).min().orElse(Double.NaN),
                          steady.stream().mapToDouble(Round::ratio).max().orElse(Double.NaN)),
                  steady.size(),
                  row.rounds().size(),
                  besides(row)));
    }
    if (loadBefore > processors() / 2.0) {
      // Many connections then get more of the processors than one appender does.
      table.append(
          "%nThe machine was busy (load %.1f on %d processors): compare these figures with each other only.%n"
              .formatted(loadBefore, processors()));
    }
    return table.append('\n').toString();
  }

  /** A figure to be read: whole where it is large. */
  static String figure(double value) {
    return (value < 10 ? "%.2f" : "%,.0f").formatted(value);
  }

  private static String besides(Row row) {
    return names(row).stream()
        .map(name -> "; %s %.1f".formatted(name, row.median(round -> observed(round, name))))
        .collect(Collectors.joining());
  }

  private static List<String> names(Row row) {
    return row.rounds().stream()
        .flatMap(round -> round.besides().keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static double observed(Round round, String name) {
    return round.besides().getOrDefault(name, Double.NaN);
  }

  void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json());
  }

  private Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("benchmark", benchmark);
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
    json.put("results", rows.stream().map(Report::result).toList());
    return json;
  }

  private static Map<String, Object> result(Row row) {
    var result = new LinkedHashMap<String, Object>();
    result.put("name", row.name());
    result.put("anchor", row.anchor());
    result.put("subject", row.subject());
    result.put("anchorMedian", row.median(Round::anchor));
    result.put("subjectMedian", row.median(Round::subject));
    result.put("ratio", row.median(Round::ratio));
    names(row).forEach(name -> result.put(name, row.median(round -> observed(round, name))));
    result.put(
        "rounds",
        row.rounds().stream()
            .map(
                round ->
                    Map.of(
                        "before", round.before(),
                        "subject", round.subject(),
                        "after", round.after(),
                        "steady", round.steady(),
                        "ratio", round.ratio()))
            .toList());
    return result;
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
    var sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
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
