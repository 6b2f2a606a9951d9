package io.assay.lineage.verifylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Sha256;
import io.assay.eventlog.MerkleTree;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRootTest {

  private static final List<Sha256> LEAVES =
      new Random(7)
          .longs(150_000)
          .mapToObj(seed -> MerkleTree.leaf(ByteBuffer.allocate(8).putLong(0, seed).array()))
          .toList();

  private long read;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 65_535, 65_536, 65_537, 131_072, 150_000})
  void theRootIsThatOfTheLeavesWhateverWasAskedForBefore(long size) {
    var root = new LogRoot(this::leaves);
    var expected = MerkleTree.root(LEAVES.subList(0, (int) size));
    assertThat(root.at(size)).isEqualTo(expected);
    assertThat(root.at(LEAVES.size())).isEqualTo(MerkleTree.root(LEAVES));
    assertThat(read).isEqualTo(LEAVES.size());
    assertThat(root.at(size)).isEqualTo(expected);
    assertThat(read).as("an earlier root takes few leaves").isLessThan(LEAVES.size() + 65_536L);
    assertThat(root.known())
        .containsOnlyKeys(65_536L, 131_072L, 150_000L)
        .containsEntry(65_536L, MerkleTree.root(LEAVES.subList(0, 65_536)));
  }

  private List<Sha256> leaves(long from, int limit) {
    read += limit;
    return LEAVES.subList((int) from, (int) from + limit);
  }
}
