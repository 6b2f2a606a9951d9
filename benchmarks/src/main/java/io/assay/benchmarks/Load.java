package io.assay.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Closed-loop clients: each begins anew as soon as its last step is answered. */
final class Load {

  /** One client's work. */
  interface Client extends AutoCloseable {

    /** Does one thing and waits until it is durable. */
    void step() throws Exception;

    @Override
    default void close() throws Exception {}
  }

  /** Makes the client of a number. */
  @FunctionalInterface
  interface Clients {
    Client client(int number) throws Exception;
  }

  private Load() {}

  /** Steps a second that so many clients did together; fails if any of them did. */
  static double perSecond(int count, Duration time, Clients clients)
      throws ExecutionException, InterruptedException {
    var stop = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(count)) {
      try {
        long start = System.nanoTime();
        List<Future<Long>> counting =
            IntStream.range(0, count)
                .mapToObj(number -> threads.submit(() -> steps(clients.client(number), stop)))
                .toList();
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        stop.set(true);
        long steps = 0;
        for (var counted : counting) {
          steps += counted.get();
        }
        return steps * 1e9 / (System.nanoTime() - start);
      } finally {
        stop.set(true);
      }
    }
  }

  private static long steps(Client client, AtomicBoolean stop) throws Exception {
    try (client) {
      long steps = 0;
      while (!stop.get()) {
        client.step();
        steps++;
      }
      return steps;
    }
  }
}
