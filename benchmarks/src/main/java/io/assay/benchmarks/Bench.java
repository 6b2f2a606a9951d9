package io.assay.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The command {@code assay bench}: runs a benchmark, prints its table, writes its JSON report. */
public final class Bench {

  private static final String USAGE =
      """
      Usage: assay bench [append|http|growth|up] [--clients 1,8,32,64] [--rounds 9] [--seconds 4]
                         [--only WORDS] [--events 1000000] [--data DIR] [--json FILE]

        append   appends/s of the log over bare single-row inserts/s by as many connections
        http     versions registered a second over bare inserts, the gateway over the registry,
                 reading over an endpoint that does nothing, with a snapshot open over without,
                 the lag of views at half load, two nodes over one, a replay over a scan
                 (clients 32,64)
        growth   versions registered a second over bare inserts, in a small log and in a large
                 one (clients 32); filling it takes minutes
        up       starts of assay up on a large log over starts on a small one, and the memory
                 of its process after a minute of registrations (clients 64)

        --only   the comparisons whose names have these words
        --events how large the log of growth and up becomes
        --data   where the database's files lie while it runs (a new folder of the system's
                 temporary one): the disk under it decides every figure
        --json   where the report goes (bench-NAME.json)
      """;

  private static final Set<String> NAMES = Set.of("append", "http", "growth", "up");

  /**
   * Round by round, anchor and subject take turns for {@code time} each.
   *
   * @param only what the names of the comparisons that are wanted contain
   */
  record Options(
      String name,
      List<Integer> clients,
      int rounds,
      Duration time,
      String only,
      long events,
      Path data,
      Path json) {}

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    // The services have a logback.xml too.
    System.setProperty("logback.configurationFile", "bench-logback.xml");
    Options options;
    try {
      options = options(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("assay bench: " + e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    var report =
        switch (options.name()) {
          case "http" -> HttpBench.run(options, System.err::println);
          case "growth" -> HttpBench.growth(options, System.err::println);
          case "up" -> UpBench.run(options, System.err::println);
          default -> AppendBench.run(options, System.err::println);
        };
    System.out.print(report.table());
    report.write(options.json());
    System.out.println("Report: " + options.json().toAbsolutePath());
  }

  static Options options(String... arguments) {
    var words = new ArrayDeque<>(Arrays.asList(arguments));
    var name = "append";
    if (!words.isEmpty() && !words.peek().startsWith("--")) {
      name = words.remove();
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("there is no benchmark " + name);
      }
    }
    var clients = name.equals("append") ? List.of(1, 8, 32, 64) : List.of(32, 64);
    int rounds = 9; // ratios near 1 need that many
    int seconds = 4;
    var only = "";
    long events = 1_000_000;
    var data = Path.of(System.getProperty("java.io.tmpdir"));
    var json = Path.of("bench-" + name + ".json");
    while (!words.isEmpty()) {
      var option = words.remove();
      if (words.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      var value = words.remove();
      switch (option) {
        case "--clients" -> clients = Arrays.stream(value.split(",")).map(Bench::positive).toList();
        case "--rounds" -> rounds = positive(value);
        case "--seconds" -> seconds = positive(value);
        case "--only" -> only = value;
        case "--events" -> events = positive(value);
        case "--data" -> data = Path.of(value);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalArgumentException("there is no option " + option);
      }
    }
    return new Options(
        name, clients, rounds, Duration.ofSeconds(seconds), only, events, data, json);
  }

  private static int positive(String value) {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(value + " is not a whole number", e);
    }
    throw new IllegalArgumentException(value + " is not positive");
  }
}
