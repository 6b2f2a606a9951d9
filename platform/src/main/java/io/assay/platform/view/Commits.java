package io.assay.platform.view;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node has committed to a view, for whoever waits for it. A hint when to look: only the
 * database tells how far the view is, which another node may have filled or emptied.
 */
final class Commits {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  // Below: only under the lock.
  private long count;
  private long next;

  /** The batches that were committed. */
  long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** A batch is committed; the view goes on from this position. */
  void committed(long next) {
    lock.lock();
    try {
      this.count++;
      this.next = next;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, at most so long, for a batch beyond so many with which the view has the position. */
  void await(long count, long position, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while ((this.count <= count || next <= position) && left > 0) {
        left = more.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
