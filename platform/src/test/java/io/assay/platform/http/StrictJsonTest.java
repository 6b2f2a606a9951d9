package io.assay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.contracts.CanonicalJson;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection.FieldError;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {

  @Test
  void whole_pairs_and_any_script_pass() {
    var text = "{\"name\":\"größe \\ud83d\\ude80 🚀\",\"list\":[1,2.5,null,true]}";
    assertThat(read(text).toString())
        .isEqualTo("{\"name\":\"größe 🚀 🚀\",\"list\":[1,2.5,null,true]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"b\":[\"x\",\"\\ud83d\"]}}      | /a/b/1 | half a Unicode pair",
        "{\"a\":\"\\ude00\"}                      | /a     | half a Unicode pair",
        "{\"a\":\"x\\u0000y\"}                    | /a     | NUL",
        "{\"n\":9007199254740992}                 | /n     | 2^53",
        "{\"n\":1e999}                            | /n     | 64 bits",
        "{\"n\":-9007199254740992}                | /n     | 2^53",
        "[{\"n/~\":18446744073709551616}]         | /0/n~1~0 | 2^53",
        "{\"a\\ud83d\":1}                         | /a\ud83d | half a Unicode pair",
        "` `                                     | ``     | empty",
        "{\"a\":1,\"a\":2}                        | ``     | Duplicate",
        "{\"a\":1                                 | ``     | end-of-input",
        "{\"a\":1} {                              | ``     | Nothing follows",
        "{'a':1}                                  | ``     | Unexpected",
        "{\"a\":NaN}                              | ``     | NaN",
        "[1,]                                     | ``     | Unexpected"
      })
  void what_cannot_be_recorded_is_refused_with_its_place(
      String body, String pointer, String words) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.rejection().slug()).isEqualTo("malformed-json");
              assertThat(problem.rejection().detail()).containsIgnoringCase(words);
              assertThat(problem.rejection().errors())
                  .extracting(FieldError::pointer)
                  .containsExactly(pointer);
            });
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused() {
    var body = new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0xAF, '"', '}'};
    assertThatThrownBy(() -> StrictJson.read(body)).hasMessageContaining("UTF-8");
  }

  @Test
  void nesting_has_an_end() {
    var body = "[".repeat(100) + "]".repeat(100);
    assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
  }

  @Test
  void one_value_has_one_canonical_form() {
    assertThat(CanonicalJson.bytes(read(" {\"b\":1.0, \"a\":\"\\u00f6\"}")))
        .isEqualTo(CanonicalJson.bytes(read("{\"a\":\"ö\",\"b\":1}")));
    assertThat(CanonicalJson.bytes(read(" 10e-316 ")))
        .isEqualTo(CanonicalJson.bytes(read("1e-315")));
  }

  private static JsonNode read(String body) {
    return StrictJson.read(body.getBytes(StandardCharsets.UTF_8));
  }
}
