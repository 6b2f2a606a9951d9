package io.assay.eventlog;

import io.assay.contracts.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The Merkle tree hash of RFC 6962, section 2.1, grown leaf by leaf.
 *
 * <p>Holds only the roots of the perfect subtrees to the left (at most 63 of them), so that the
 * root is known at every size on the way. Not thread-safe.
 */
public final class MerkleTree {

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest digest = Sha256.newDigest();
  private final List<byte[]> peaks = new ArrayList<>();
  private long size;

  /** The tree without leaves. */
  public MerkleTree() {}

  /** The leaf hash of an entry: {@code SHA-256(0x00 ‖ entry)}. */
  public static Sha256 leaf(byte[] entry) {
    var digest = Sha256.newDigest();
    digest.update(LEAF);
    digest.update(entry);
    return Sha256.of(digest);
  }

  /** The hash of an inner node: {@code SHA-256(0x01 ‖ left ‖ right)}. */
  public static Sha256 node(Sha256 left, Sha256 right) {
    var digest = Sha256.newDigest();
    digest.update(NODE);
    digest.update(left.bytes());
    digest.update(right.bytes());
    return Sha256.of(digest);
  }

  /** The root over these leaf hashes. */
  public static Sha256 root(Iterable<Sha256> leaves) {
    var tree = new MerkleTree();
    leaves.forEach(tree::add);
    return tree.root();
  }

  /**
   * Goes on from what {@link #peaks()} gave at that size; refuses any other number of peaks.
   *
   * @param size the count of leaves
   */
  public static MerkleTree resume(long size, List<Sha256> peaks) {
    if (size < 0 || Long.bitCount(size) != peaks.size()) {
      throw new IllegalArgumentException(
          "A tree of %d leaves does not have %d peaks".formatted(size, peaks.size()));
    }
    var tree = new MerkleTree();
    peaks.forEach(peak -> tree.peaks.add(peak.bytes()));
    tree.size = size;
    return tree;
  }

  /** Adds the next leaf, given by its leaf hash. */
  public void add(Sha256 leaf) {
    var merged = leaf.bytes();
    // Each trailing one bit of the size is a perfect subtree that the new leaf completes.
    for (int i = Long.numberOfTrailingZeros(~size); i > 0; i--) {
      merged = join(peaks.removeLast(), merged);
    }
    peaks.add(merged);
    size++;
  }

  /** The count of leaves. */
  public long size() {
    return size;
  }

  /** The root over all leaves so far; of none, the digest of nothing. */
  public Sha256 root() {
    if (peaks.isEmpty()) {
      return Sha256.of(digest);
    }
    var root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = join(peaks.get(i), root);
    }
    return sha256(root);
  }

  /** The roots of the perfect subtrees, the largest first: all that is needed to go on. */
  public List<Sha256> peaks() {
    return peaks.stream().map(MerkleTree::sha256).toList();
  }

  private byte[] join(byte[] left, byte[] right) {
    digest.update(NODE);
    digest.update(left);
    digest.update(right);
    return digest.digest();
  }

  private static Sha256 sha256(byte[] hash) {
    return new Sha256(HexFormat.of().formatHex(hash));
  }
}
