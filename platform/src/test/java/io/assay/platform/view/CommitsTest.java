package io.assay.platform.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CommitsTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final Commits commits = new Commits();

  @Test
  void whoWaitsGoesOnWithTheBatchThatHasThePosition() {
    var waiting = waiting(commits.count(), 7, LONG);
    commits.committed(7);
    assertThat(waiting).failsWithin(SHORT);
    commits.committed(8);
    assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void whatWasCommittedBeforeTheViewWasLookedAtIsNoReasonToLookAgain() {
    commits.committed(100);
    assertThat(waiting(commits.count(), 7, LONG)).failsWithin(SHORT);
  }

  @Test
  void whatWasCommittedSinceIsNotWaitedForAgain() {
    long before = commits.count();
    commits.committed(8);
    assertThat(waiting(before, 7, LONG)).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void nobodyWaitsLongerThanTold() {
    assertThat(waiting(commits.count(), 7, SHORT)).succeedsWithin(Duration.ofSeconds(10));
  }

  private CompletableFuture<Void> waiting(long count, long position, Duration atMost) {
    var done = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                commits.await(count, position, atMost);
                done.complete(null);
              } catch (InterruptedException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }
}
