package io.assay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.platform.problem.ProblemException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.exceptions.SerdeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class JsonScalarsTest {

  @Serdeable
  record Sample(
      @Nullable String text,
      @Nullable Boolean truth,
      @Nullable Integer small,
      @Nullable Long large,
      @Nullable Double number,
      @Nullable List<String> texts,
      @Nullable Map<String, Double> numbers) {}

  private final ApplicationContext context =
      ApplicationContext.builder().deduceEnvironment(false).start();
  private final ObjectMapper json = context.getBean(ObjectMapper.class);

  @AfterAll
  void close() {
    context.close();
  }

  @Test
  void valuesOfTheirOwnTypeAreTaken() throws IOException {
    var sample =
        json.readValue(
            """
            {"text":"17","truth":true,"small":17,"large":9007199254740991,"number":1,\
            "texts":["a"],"numbers":{"auc":0.5,"n":2}}""",
            Sample.class);

    assertThat(sample)
        .isEqualTo(
            new Sample(
                "17",
                true,
                17,
                9_007_199_254_740_991L,
                1.0,
                List.of("a"),
                Map.of("auc", 0.5, "n", 2.0)));
  }

  @Test
  void nullIsAbsence() throws IOException {
    assertThat(
            json.readValue(
                "{\"text\":null,\"truth\":null,\"small\":null,\"large\":null,\"number\":null}",
                Sample.class))
        .isEqualTo(new Sample(null, null, null, null, null, null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":17}",
        "{\"text\":true}",
        "{\"text\":{}}",
        "{\"truth\":\"true\"}",
        "{\"truth\":1}",
        "{\"small\":\"17\"}",
        "{\"small\":1.5}",
        "{\"small\":2147483648}",
        "{\"small\":true}",
        "{\"large\":1.5}",
        "{\"large\":\"17\"}",
        "{\"number\":\"0.5\"}",
        "{\"numbers\":{\"auc\":\"0.5\"}}"
      })
  void valuesOfAnotherTypeAreRefused(String body) {
    assertThatThrownBy(() -> json.readValue(body, Sample.class)).isInstanceOf(SerdeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}{\"b\":2}", "{} 1", "1 2", "[1][2]"})
  void nothingFollowsTheValueOfABody(String body) {
    assertThatThrownBy(() -> StrictJson.read(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[1,{\"b\":[]}]}\n", " 1 ", "[]"})
  void oneValueIsABody(String body) {
    assertThat(StrictJson.read(body.getBytes(StandardCharsets.UTF_8)).toString())
        .isEqualTo(body.strip());
  }
}
