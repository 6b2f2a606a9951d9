package io.assay.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class Sha256Test {

  /** FIPS 180-4, the example of one block. */
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /** A computation that cannot be copied, as that of a hardware module. */
  private static final class Uncopied extends MessageDigest {

    Uncopied() {
      super("SHA-256");
    }

    @Override
    protected void engineUpdate(byte input) {
      throw new AssertionError("Only copies are used");
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      throw new AssertionError("Only copies are used");
    }

    @Override
    protected byte[] engineDigest() {
      throw new AssertionError("Only copies are used");
    }

    @Override
    protected void engineReset() {
      throw new AssertionError("Only copies are used");
    }
  }

  @Test
  void eachComputationBeginsAnew() {
    var begun = Sha256.newDigest();
    begun.update("something else".getBytes(US_ASCII));

    assertThat(Sha256.of("a".getBytes(US_ASCII), "bc".getBytes(US_ASCII)).hex()).isEqualTo(OF_ABC);
    assertThat(Sha256.of("abc".getBytes(US_ASCII)).hex()).isEqualTo(OF_ABC);
  }

  @Test
  void whereAComputationCannotBeCopiedAnotherIsAskedFor() {
    var digest = Sha256.copy(new Uncopied());
    digest.update("abc".getBytes(US_ASCII));

    assertThat(Sha256.of(digest).hex()).isEqualTo(OF_ABC);
  }
}
