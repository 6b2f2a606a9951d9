package io.assay.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.testing.PlainJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The second implementation is only worth something while it agrees with the first. */
class PlainJsonTest {

  @Property
  void bothWriteEveryDoubleAlike(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isFinite(value)) {
      assertThat(PlainJson.bytes(List.of(value))).isEqualTo(EventJson.canonical(List.of(value)));
    }
  }

  @Property
  void bothWriteEveryTextAlike(@ForAll String key, @ForAll String text) {
    var printable = Map.of(recordable(key), recordable(text));
    assertThat(PlainJson.bytes(printable)).isEqualTo(EventJson.canonical(printable));
  }

  @Test
  void numbersAreSpelledAsTheAppendixOfTheRfcSpellsThem() {
    assertThat(
            new String(
                PlainJson.bytes(
                    List.of(
                        Double.longBitsToDouble(0x8000000000000000L),
                        Double.longBitsToDouble(0x0000000000000001L),
                        Double.longBitsToDouble(0xffefffffffffffffL),
                        Double.longBitsToDouble(0x4430000000000000L),
                        Double.longBitsToDouble(0x44b52d02c7e14af5L),
                        Double.longBitsToDouble(0x444b1ae4d6e2ef50L),
                        Double.longBitsToDouble(0x3eb0c6f7a0b5ed8cL),
                        Double.longBitsToDouble(0x41b3de4355555553L))),
                StandardCharsets.UTF_8))
        .isEqualTo(
            "[0,5e-324,-1.7976931348623157e+308,295147905179352830000,9.999999999999997e+22,"
                + "1e+21,9.999999999999997e-7,333333333.3333332]");
  }

  /** The log refuses NUL and halves of pairs. */
  private static String recordable(String text) {
    return text.codePoints()
        .filter(c -> c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
