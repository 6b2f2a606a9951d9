package io.assay.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

  @ParameterizedTest
  @ValueSource(strings = {"\0", "a\0b", "\\\0", "\\\\\0", "\ud83d", "\ude00x", "\ude00\ud83d"})
  void nulAndHalvesOfPairsAreRefused(String text) {
    assertThatThrownBy(() -> EventJson.canonical(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EventJson.canonical(Map.of(text, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\\\u0000", "C:\\u0000", "u0000", "\ud83d\ude00"})
  void textThatOnlySpellsAnEscapeIsText(String text) {
    assertThat(new String(EventJson.canonical(List.of(text)), StandardCharsets.UTF_8))
        .isEqualTo("[\"" + text.replace("\\", "\\\\") + "\"]");
  }

  @Test
  void whatIsAbsentIsNotNull() {
    assertThat(EventJson.canonical(new ModelEvent.ModelArchived(new ModelId(new UUID(0, 1)), null)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"model\":\"00000000-0000-0000-0000-000000000001\"}");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsNotFiniteIsRefused(double number) {
    assertThatThrownBy(() -> EventJson.canonical(List.of(number)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e-320",
        "-1e-320",
        "1e-315",
        "5e-324",
        "1.5e-323",
        "-2.225073858507201e-308",
        "2.2250738585072014e-308",
        "1e-7",
        "0.000001",
        "100000000000000000000",
        "1e+21"
      })
  void numbersAreSpelledAsEcmaScriptSpellsThem(String number) {
    assertThat(EventJson.canonical(List.of(Double.parseDouble(number))))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("[" + number + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[null,true,false]",
        "{\"b\":1,\"a\":{\"d\":[],\"c\":{}},\"\\u20ac\":2,\"\\ufb33\":3,\"\ud83d\ude00\":4,\"\":5}",
        "[0,-0,1.0,-1.50,1e3,1E-7,123456789012345678901,9007199254740991,9007199254740993]",
        "[4.5e-324,1.7976931348623157e308,333333333.33333329,0.1,1e21,1e20,-9223372036854775808]",
        "[\"\\u0001\\u001f\\u007f\\u2028 /\\\\ \\\"\\b\\f\\n\\r\\t\"]"
      })
  void agreesWithAnotherImplementation(String json) throws IOException {
    assertThat(CanonicalJson.bytes(new ObjectMapper().readTree(json)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(new JsonCanonicalizer(json).getEncodedString());
  }
}
