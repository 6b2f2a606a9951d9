package io.assay.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/** The command {@code assay bench}: runs a benchmark, prints its table, writes its JSON report. */
public final class Bench {

  private static final String USAGE =
      """
      Usage: assay bench [append] [--clients 1,8,32,64] [--rounds 5] [--seconds 4]
                         [--data DIR] [--json FILE]

        append   appends/s of the log over bare single-row inserts/s by as many connections

        --data   where the database's files lie while it runs (a new folder of the system's
                 temporary one): the disk under it decides every figure
        --json   where the report goes (bench-append.json)
      """;

  /** Round by round, anchor and subject take turns for {@code time} each. */
  record Options(List<Integer> clients, int rounds, Duration time, Path data, Path json) {}

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = options(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("assay bench: " + e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    var report = AppendBench.run(options, System.err::println);
    System.out.print(report.table());
    report.write(options.json());
    System.out.println("Report: " + options.json().toAbsolutePath());
  }

  static Options options(String... arguments) {
    var words = new ArrayDeque<>(Arrays.asList(arguments));
    if (!words.isEmpty() && !words.peek().startsWith("--")) {
      var name = words.remove();
      if (!name.equals("append")) {
        throw new IllegalArgumentException("there is no benchmark " + name);
      }
    }
    var clients = List.of(1, 8, 32, 64);
    int rounds = 5;
    int seconds = 4;
    var data = Path.of(System.getProperty("java.io.tmpdir"));
    var json = Path.of("bench-append.json");
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
        case "--data" -> data = Path.of(value);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalArgumentException("there is no option " + option);
      }
    }
    return new Options(clients, rounds, Duration.ofSeconds(seconds), data, json);
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
