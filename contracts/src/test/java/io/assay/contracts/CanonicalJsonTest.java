package io.assay.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
}
