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
    var rounds =
        Map.of(
            8,
            List.of(
                new Report.Round(100, 50, 1, 1),
                new Report.Round(200, 300, 2, 2),
                new Report.Round(100, 120, 4, 3)));
    var report = new Report(rounds, Duration.ofSeconds(4), 0, Map.of("fsync", "on"));
    assertThat(report.table()).contains("3 rounds of 4 s").contains("1.20   0.50-1.50");
    assertThat(report.table()).doesNotContain("busy");
    assertThat(new Report(rounds, Duration.ofSeconds(4), 1_000, Map.of()).table())
        .contains("busy (load 1000.0");
    report.write(folder.resolve("report.json"));
    var json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(json.at("/results/0/ratio").doubleValue()).isEqualTo(1.2);
    assertThat(json.at("/results/0/appendsPerTransaction").doubleValue()).isEqualTo(2);
    assertThat(json.at("/results/0/rounds")).hasSize(3);
    assertThat(json.at("/postgres/fsync").asText()).isEqualTo("on");
    assertThat(json.at("/jdk").asText()).isNotEmpty();
  }
}
