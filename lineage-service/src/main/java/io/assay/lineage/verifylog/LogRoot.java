package io.assay.lineage.verifylog;

import io.assay.contracts.Sha256;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.MerkleTree;
import jakarta.inject.Singleton;

/**
 * The root over the log's leaf hashes, at any size.
 *
 * <p>It goes by the stored leaves and keeps what it has added: whether they are the hashes of what
 * is stored beside them is what a verification finds out.
 */
@Singleton
class LogRoot {

  private static final int PAGE = 1_000;

  private final EventLog log;
  private MerkleTree known = new MerkleTree();

  LogRoot(EventLog log) {
    this.log = log;
  }

  /** The root over the first {@code size} events, of which the log has so many. */
  synchronized Sha256 at(long size) {
    if (size < known.size()) {
      var earlier = new MerkleTree();
      grow(earlier, size);
      return earlier.root();
    }
    grow(known, size);
    return known.root();
  }

  /** Forgets what it has added, so that it is read again. */
  synchronized void forget() {
    known = new MerkleTree();
  }

  private void grow(MerkleTree tree, long size) {
    while (tree.size() < size) {
      var page = log.read(tree.size(), (int) Math.min(PAGE, size - tree.size()));
      if (page.isEmpty()) {
        throw new IllegalStateException("The log has lost the event at position " + tree.size());
      }
      page.forEach(event -> tree.add(event.leaf()));
    }
  }
}
