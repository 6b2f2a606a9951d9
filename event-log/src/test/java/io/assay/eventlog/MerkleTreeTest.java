package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.Sha256;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerkleTreeTest {

  /** The entries of the test vectors of certificate-transparency's reference implementation. */
  private static final List<String> ENTRIES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  @ParameterizedTest
  @CsvSource({
    "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  })
  void thePublishedVectorsPass(int size, String root) {
    var leaves =
        ENTRIES.subList(0, size).stream()
            .map(entry -> MerkleTree.leaf(HexFormat.of().parseHex(entry)))
            .toList();
    assertThat(MerkleTree.root(leaves)).isEqualTo(new Sha256(root));
  }

  @Property
  void theRootAtEverySizeIsThatOfTheRecursiveDefinition(
      @ForAll @Size(max = 70) List<byte[]> entries) {
    var tree = new MerkleTree();
    for (int size = 0; size <= entries.size(); size++) {
      assertThat(tree.root().bytes()).isEqualTo(recursive(entries.subList(0, size)));
      assertThat(tree.size()).isEqualTo(size);
      if (size < entries.size()) {
        tree.add(MerkleTree.leaf(entries.get(size)));
      }
    }
  }

  @Property
  void aTreeGoesOnFromItsPeaks(
      @ForAll @Size(max = 40) List<byte[]> before, @ForAll @Size(max = 40) List<byte[]> after) {
    var whole = new MerkleTree();
    before.forEach(entry -> whole.add(MerkleTree.leaf(entry)));
    var resumed = MerkleTree.resume(whole.size(), whole.peaks());
    for (var entry : after) {
      whole.add(MerkleTree.leaf(entry));
      resumed.add(MerkleTree.leaf(entry));
    }
    assertThat(resumed.root()).isEqualTo(whole.root());
    assertThat(resumed.size()).isEqualTo(whole.size());
  }

  @Test
  void aTreeDoesNotGoOnFromPeaksOfAnotherSize() {
    var peak = MerkleTree.leaf(new byte[0]);
    assertThatThrownBy(() -> MerkleTree.resume(3, List.of(peak)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 leaves");
  }

  @Test
  void nodesAreNotLeaves() {
    var left = MerkleTree.leaf(new byte[] {1});
    var right = MerkleTree.leaf(new byte[] {2});
    var joined = new byte[64];
    System.arraycopy(left.bytes(), 0, joined, 0, 32);
    System.arraycopy(right.bytes(), 0, joined, 32, 32);
    assertThat(MerkleTree.node(left, right))
        .isEqualTo(MerkleTree.root(List.of(left, right)))
        .isNotEqualTo(MerkleTree.leaf(joined));
  }

  /** RFC 6962, section 2.1, word for word. */
  private static byte[] recursive(List<byte[]> entries) {
    if (entries.isEmpty()) {
      return sha256();
    }
    if (entries.size() == 1) {
      return sha256(new byte[] {0}, entries.getFirst());
    }
    int k = Integer.highestOneBit(entries.size() - 1);
    return sha256(
        new byte[] {1},
        recursive(entries.subList(0, k)),
        recursive(entries.subList(k, entries.size())));
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
