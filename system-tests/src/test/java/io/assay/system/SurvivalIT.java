package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.cli.Api;
import io.assay.cli.Failed;
import io.assay.launcher.Assay;
import io.assay.launcher.Installation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged stays, whatever happens to the process. */
class SurvivalIT {

  private static final String ENGINEER = "ml-engineer-1";
  private static final int CLIENTS = 4;
  private static final int BEFORE_THE_KILL = 60;
  private static final int READERS = 9;
  private static final List<String> READ =
      List.of("/api/v1/datasets", "/api/v1/policies", "/api/v1/audit/events");

  /** What {@code assay down} waits. */
  private static final Duration DOWN = Duration.ofSeconds(90);

  @TempDir Path data;

  @Test
  void dataSurvivesDownAndUpWithTheSameRootAndTheSamePeople() {
    String root;
    String createdBy;
    try (var installation = Installation.start(data, 0);
        var api = api(installation)) {
      var created = api.post(ENGINEER, "/api/v1/datasets", Api.object().put("name", "kept"));
      assertThat(created.status()).as(created.toString()).isEqualTo(201);
      createdBy = created.text("/createdBy");
      root = api.get("auditor-1", "/api/v1/log").text("/root");
    }
    try (var installation = Installation.start(data, 0);
        var api = api(installation)) {
      var kept = api.get(ENGINEER, "/api/v1/datasets/kept");

      assertThat(kept.status()).as(kept.toString()).isEqualTo(200);
      assertThat(kept.text("/createdBy")).isEqualTo(createdBy);
      assertThat(api.get("auditor-1", "/api/v1/log").text("/root")).isEqualTo(root);
      var next = api.post(ENGINEER, "/api/v1/datasets", Api.object().put("name", "next"));
      assertThat(next.text("/createdBy")).isEqualTo(createdBy);
    }
  }

  @Test
  void killingTheWholeProcessUnderLoadLosesNothingAcknowledged() throws Exception {
    var acknowledged = new ConcurrentLinkedQueue<String>();
    var process = spawn();
    try {
      load(acknowledged, process);
    } finally {
      process.destroyForcibly();
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL);

    try (var installation = Installation.start(data, 0);
        var api = api(installation)) {
      var lost = new ArrayList<String>();
      for (var name : acknowledged) {
        if (api.post(ENGINEER, "/api/v1/datasets", Api.object().put("name", name)).status()
            != 409) {
          lost.add(name);
        }
      }
      assertThat(lost).isEmpty();
      var verification = api.post("auditor-1", "/api/v1/log/verifications");
      assertThat(verification.body().path("verified").asBoolean())
          .as(verification.toString())
          .isTrue();
    }
  }

  @Test
  void whenItsDatabaseIsGoneItSaysSoAndEndsWhenAsked() throws Exception {
    var installation = Installation.start(data, 0);
    try (var readers = Executors.newVirtualThreadPerTaskExecutor();
        var api = api(installation)) {
      assertThat(register(api, "kept").status()).isEqualTo(201);
      var read = new CountDownLatch(READERS);
      var refusals =
          IntStream.range(0, READERS)
              .mapToObj(reader -> READ.get(reader % READ.size()))
              .map(path -> readers.submit(() -> firstRefusal(api, path, read)))
              .toList();
      assertThat(read.await(1, TimeUnit.MINUTES)).isTrue();

      killPostgres();
      for (var refusal : refusals) {
        assertThatItIsUnavailable(refusal.get());
      }

      // What had been sent to it may be in it: until that is known there is no answer.
      var sent = CompletableFuture.supplyAsync(() -> register(api, "sent"));
      for (var path : READ) {
        assertThatItIsUnavailable(api.get("auditor-1", path));
      }
      assertThatItIsUnavailable(register(api, "unsent"));
      assertThat(sent.join().status()).isIn(503, 504);
    } finally {
      assertThat(CompletableFuture.runAsync(installation::close)).succeedsWithin(DOWN);
    }

    try (var again = Installation.start(data, 0);
        var api = api(again)) {
      assertThat(api.get(ENGINEER, "/api/v1/datasets/kept").status()).isEqualTo(200);
      assertThat(api.get(ENGINEER, "/api/v1/datasets/unsent").status()).isEqualTo(404);
    }
  }

  /** Reads until it is answered otherwise; so gently that the gateway does not refuse it. */
  private static Api.Answer firstRefusal(Api api, String path, CountDownLatch read)
      throws InterruptedException {
    var answer = api.get("auditor-1", path);
    read.countDown();
    long deadline = System.nanoTime() + DOWN.toNanos();
    while (answer.status() == 200 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
      answer = api.get("auditor-1", path);
    }
    return answer;
  }

  private static Api.Answer register(Api api, String dataset) {
    return api.post(ENGINEER, "/api/v1/datasets", Api.object().put("name", dataset));
  }

  private static void assertThatItIsUnavailable(Api.Answer response) {
    assertThat(response.status()).as(response.toString()).isEqualTo(503);
    assertThat(response.text("/type")).isEqualTo("/problems/unavailable");
  }

  private void killPostgres() throws IOException {
    Path file;
    try (var files = Files.walk(data.resolve("postgres"))) {
      file = files.filter(path -> path.endsWith("postmaster.pid")).findFirst().orElseThrow();
    }
    long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  private void load(ConcurrentLinkedQueue<String> acknowledged, Process process) throws Exception {
    var state = whenReady(process);
    var enough = new CountDownLatch(BEFORE_THE_KILL);
    var tokens = cached(Assays.issuer(data, URI.create(state.getProperty("issuer")))::token);
    var clients = new ArrayList<Thread>();
    for (int client = 0; client < CLIENTS; client++) {
      var prefix = "load-" + client + "-";
      clients.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var api = new Api(URI.create(state.getProperty("url")), tokens)) {
                      for (int i = 0; ; i++) {
                        var name = prefix + i;
                        if (api.post(ENGINEER, "/api/v1/datasets", Api.object().put("name", name))
                                .status()
                            == 201) {
                          acknowledged.add(name);
                          enough.countDown();
                        }
                      }
                    } catch (Failed e) {
                      // the server is gone, which is what this is about
                    }
                  }));
    }
    var reached = enough.await(60, TimeUnit.SECONDS);
    process.destroyForcibly(); // SIGKILL, in the middle of the load
    for (var client : clients) {
      client.join(Duration.ofSeconds(60));
    }
    assertThat(reached).as("enough writes before the kill").isTrue();
  }

  private Process spawn() throws IOException {
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.real.class.path", System.getProperty("java.class.path")),
                Assay.class.getName(),
                "up",
                "--data",
                data.toString(),
                "--port",
                "0"))
        .redirectErrorStream(true)
        .redirectOutput(Files.createTempFile("assay-up", ".log").toFile())
        .start();
  }

  private Properties whenReady(Process process) throws Exception {
    var file = data.resolve("state.properties");
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!Files.exists(file)) {
      assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).as("the process ended").isFalse();
      assertThat(System.nanoTime()).as("ready in time").isLessThan(deadline);
    }
    var state = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      state.load(reader);
    }
    return state;
  }

  private Api api(Installation installation) {
    return new Api(installation.url(), cached(Assays.issuer(data, installation.issuer())::token));
  }

  private static Function<String, String> cached(Function<String, String> issuer) {
    var tokens = new ConcurrentHashMap<String, String>();
    return user -> tokens.computeIfAbsent(user, issuer);
  }
}
