package io.assay.system;

import static org.awaitility.Awaitility.await;

import io.assay.cli.Api;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that write and read through the gateways, as behind a load balancer: each takes the next
 * gateway that is ready, and another where one refuses the connection. They remember what they were
 * told.
 *
 * <p>A third of them write without a key, and never repeat a request. A third write with an {@code
 * Idempotency-Key}, and repeat until they have an answer. A third read what they know is there.
 */
final class Load implements AutoCloseable {

  /** What lets one actor send all of it. */
  static final Map<String, String> UNLIMITED =
      Map.of(
          "ASSAY_GATEWAY_LIMITS_READS_ACTOR_RATE", "0",
          "ASSAY_GATEWAY_LIMITS_READS_ADDRESS_RATE", "0",
          "ASSAY_GATEWAY_LIMITS_WRITES_ACTOR_RATE", "0",
          "ASSAY_GATEWAY_LIMITS_WRITES_ADDRESS_RATE", "0");

  private static final String WRITER = "ml-engineer-1";
  private static final Duration PROBE = Duration.ofMillis(200);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** What each client waits before a request while it goes easy. */
  private static final Duration PAUSE = Duration.ofMillis(60);

  private final List<URI> gateways;
  private final Set<URI> ready = ConcurrentHashMap.newKeySet();
  private final Supplier<String> token;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final List<Thread> threads = new ArrayList<>();
  private final Semaphore news = new Semaphore(0);
  private final String run = UUID.randomUUID().toString();
  private volatile boolean stopped;
  private volatile boolean easy;

  /** Names that a 201 acknowledged. */
  final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

  /** Names of writes with a key, which were repeated until one was carried out. */
  final Set<String> insistedOn = ConcurrentHashMap.newKeySet();

  /** Answers of 500 and above, and connections that ended without an answer. */
  final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  /** Answers that nothing here explains. */
  final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();

  Load(List<URI> gateways, Supplier<String> token) {
    this.gateways = gateways;
    this.token = token;
    ready.addAll(gateways);
  }

  void start(int clients) {
    threads.add(Thread.ofPlatform().daemon().start(this::watch));
    var first = "first-" + run;
    if (write(first, null).statusCode() != 201) {
      throw new AssertionError("The first write is not taken");
    }
    acknowledged.add(first);
    await().atMost(PATIENCE).until(() -> read(first).statusCode() == 200);
    for (int client = 0; client < clients; client++) {
      var prefix = "load-" + run + "-" + client + "-";
      Runnable work =
          switch (client % 3) {
            case 0 -> () -> writeOnce(prefix);
            case 1 -> () -> insist(prefix);
            default -> () -> readOn(first);
          };
      threads.add(Thread.ofVirtual().start(work));
    }
  }

  /** Goes easy meanwhile: what starts on a machine that is full takes minutes. */
  void easy(Runnable meanwhile) {
    easy = true;
    try {
      meanwhile.run();
    } finally {
      easy = false;
    }
  }

  /** Waits until so many more writes were acknowledged. */
  void awaitMore(int writes) {
    news.drainPermits();
    try {
      if (!news.tryAcquire(writes, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "Writes do not go on; failures: " + failures + ", surprises: " + surprises);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stopped = true;
    for (var thread : threads) {
      try {
        if (!thread.join(PATIENCE)) {
          throw new AssertionError("A client does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    http.close();
  }

  private void writeOnce(String prefix) {
    for (int i = 0; !stopped; i++) {
      var name = prefix + i;
      try {
        var answer = write(name, null);
        if (answer.statusCode() == 201) {
          acknowledge(name);
        } else {
          note(answer);
        }
      } catch (Unanswered e) {
        failures.add(e.toString());
      }
    }
  }

  private void insist(String prefix) {
    for (int i = 0; !stopped; i++) {
      var name = prefix + i;
      var key = UUID.randomUUID().toString();
      boolean carriedOut = false;
      while (!carriedOut) {
        try {
          var answer = write(name, key);
          carriedOut =
              answer.statusCode() == 201
                  || answer.body().contains("/problems/idempotency-key-used");
          if (!carriedOut && !answer.body().contains("/problems/request-in-progress")) {
            note(answer);
          }
        } catch (Unanswered e) {
          failures.add(e.toString());
        }
      }
      insistedOn.add(name);
      acknowledge(name);
    }
  }

  private void readOn(String name) {
    while (!stopped) {
      try {
        var answer = read(name);
        if (answer.statusCode() != 200) {
          note(answer);
        }
      } catch (Unanswered e) {
        failures.add(e.toString());
      }
    }
  }

  private HttpResponse<String> read(String name) {
    return send(HttpRequest.newBuilder(), "/api/v1/datasets/" + name);
  }

  private void acknowledge(String name) {
    acknowledged.add(name);
    news.release();
  }

  private void note(HttpResponse<String> answer) {
    (answer.statusCode() >= 500 ? failures : surprises)
        .add(
            answer.request().method()
                + " "
                + answer.uri()
                + " "
                + answer.statusCode()
                + " "
                + answer.body());
  }

  private HttpResponse<String> write(String name, @org.jspecify.annotations.Nullable String key) {
    var request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Api.object().put("name", name).toString()));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return send(request, "/api/v1/datasets");
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) {
    if (easy) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    request.timeout(PATIENCE).header("Authorization", "Bearer " + token.get());
    while (true) {
      var gateway = gateway();
      try {
        return http.send(request.uri(URI.create(gateway + path)).build(), BodyHandlers.ofString());
      } catch (ConnectException e) {
        ready.remove(gateway); // it has not seen the request
      } catch (IOException e) {
        ready.remove(gateway);
        throw new Unanswered(gateway + path + ": " + e, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private URI gateway() {
    while (true) {
      var candidates = ready.stream().toList();
      if (!candidates.isEmpty()) {
        return candidates.get(
            java.util.concurrent.ThreadLocalRandom.current().nextInt(candidates.size()));
      }
      if (stopped) {
        throw new Unanswered("No gateway is ready", null);
      }
      LockSupport.parkNanos(GLANCE.toNanos()); // until a probe finds one
    }
  }

  /** A load balancer's probes. */
  private void watch() {
    try {
      while (!stopped) {
        for (var gateway : gateways) {
          if (Server.isReady(gateway)) {
            ready.add(gateway);
          } else {
            ready.remove(gateway);
          }
        }
        TimeUnit.NANOSECONDS.sleep(PROBE.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** No answer came: what was asked may have been done, or not. */
  private static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unanswered(String message, @org.jspecify.annotations.Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
