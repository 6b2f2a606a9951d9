package io.assay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

  @Test
  void optionsAreTakenWithOrWithoutTheNameOfTheBenchmark() {
    assertThat(Bench.options("append", "--clients", "1,4", "--rounds", "2"))
        .returns(List.of(1, 4), Bench.Options::clients)
        .returns(2, Bench.Options::rounds);
    assertThat(Bench.options("--seconds", "7").time()).isEqualTo(Duration.ofSeconds(7));
    assertThat(Bench.options().clients()).containsExactly(1, 8, 32, 64);
    assertThat(Bench.options("http"))
        .returns("http", Bench.Options::name)
        .returns(List.of(32, 64), Bench.Options::clients)
        .returns(Path.of("bench-http.json"), Bench.Options::json);
    assertThat(Bench.options("up", "--events", "5").events()).isEqualTo(5);
  }

  @Test
  void whatIsNoOptionIsSaid() {
    assertThatThrownBy(() -> Bench.options("read")).hasMessage("there is no benchmark read");
    assertThatThrownBy(() -> Bench.options("--speed", "1"))
        .hasMessage("there is no option --speed");
    assertThatThrownBy(() -> Bench.options("--rounds")).hasMessage("--rounds needs a value");
    assertThatThrownBy(() -> Bench.options("--rounds", "no"))
        .hasMessage("no is not a whole number");
    assertThatThrownBy(() -> Bench.options("--rounds", "0")).hasMessage("0 is not positive");
  }

  @Test
  void theReportSaysMediansAndEveryRound(@TempDir Path folder) throws Exception {
    var row =
        new Report.Row(
            "8 clients",
            "inserts",
            "appends",
            List.of(
                new Round(100, 50, 100, Map.of("batch", 1.0)),
                new Round(200, 300, 200, Map.of("batch", 2.0)),
                new Round(100, 900, 130, Map.of("batch", 9.0)),
                new Round(90, 120, 110, Map.of("batch", 4.0))));
    var report =
        new Report("append", List.of(row), Duration.ofSeconds(4), 0, Map.of("fsync", "on"));
    assertThat(report.table())
        .contains("measurements of 4 s", "100 inserts", "1.20   0.50-1.50", "3 of 4", "batch 2.0")
        .doesNotContain("busy");
    assertThat(new Report("append", List.of(row), Duration.ofSeconds(4), 1_000, Map.of()).table())
        .contains("busy (load 1000.0");
    report.write(folder.resolve("report.json"));
    var json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(json.at("/results/0/ratio").doubleValue()).isEqualTo(1.2);
    assertThat(json.at("/results/0/batch").doubleValue()).isEqualTo(2);
    assertThat(json.at("/results/0/rounds")).hasSize(4);
    assertThat(json.at("/results/0/rounds/2/steady").booleanValue()).isFalse();
    assertThat(json.at("/postgres/fsync").asText()).isEqualTo("on");
    assertThat(json.at("/jdk").asText()).isNotEmpty();
    assertThat(Report.figure(0.1249)).isEqualTo("0.12");
  }
}
