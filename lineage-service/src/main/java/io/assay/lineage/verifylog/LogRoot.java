package io.assay.lineage.verifylog;

import io.assay.contracts.Sha256;
import io.assay.eventlog.MerkleTree;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The root over the log's leaf hashes, at any size.
 *
 * <p>It goes by the stored leaves, reads each once and keeps what it has added: whether they are
 * the hashes of what is stored beside them, and still what they were, is what a verification finds
 * out.
 */
@Singleton
class LogRoot {

  private static final int PAGE = 10_000;

  /** Events between two sizes from which an earlier root is reckoned. */
  private static final long STEP = 65_536;

  /** Where leaf hashes come from. */
  @FunctionalInterface
  interface Leaves {

    /** At most {@code limit} of them, in order, from a position. */
    List<Sha256> read(long fromPosition, int limit);
  }

  private final Leaves leaves;
  private final MerkleTree tree = new MerkleTree();

  /** The tree's peaks at each multiple of {@link #STEP}. */
  private final NavigableMap<Long, List<Sha256>> steps = new TreeMap<>();

  LogRoot(Leaves leaves) {
    this.leaves = leaves;
  }

  /** The root over the first {@code size} events, of which the log has so many. */
  Sha256 at(long size) {
    MerkleTree earlier;
    synchronized (this) {
      for (long step = nextStep(); step <= size; step = nextStep()) {
        grow(tree, step);
        steps.put(step, tree.peaks());
      }
      if (size >= tree.size()) {
        grow(tree, size);
        return tree.root();
      }
      var step = steps.floorEntry(size);
      earlier = step == null ? new MerkleTree() : MerkleTree.resume(step.getKey(), step.getValue());
    }
    grow(earlier, size);
    return earlier.root();
  }

  /** The roots that are known without reading, by the count of events that they cover. */
  synchronized SortedMap<Long, Sha256> known() {
    var known = new TreeMap<Long, Sha256>();
    steps.forEach((size, peaks) -> known.put(size, MerkleTree.resume(size, peaks).root()));
    known.put(tree.size(), tree.root());
    return known;
  }

  private long nextStep() {
    return (tree.size() / STEP + 1) * STEP;
  }

  private void grow(MerkleTree grown, long size) {
    while (grown.size() < size) {
      var page = leaves.read(grown.size(), (int) Math.min(PAGE, size - grown.size()));
      if (page.isEmpty()) {
        throw new IllegalStateException("The log has lost the event at position " + grown.size());
      }
      page.forEach(grown::add);
    }
  }
}
