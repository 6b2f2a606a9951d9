package io.assay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1/models",
        "/api/v1/models/credit%20risk",
        "/api/v1/models/Gr%C3%B6%C3%9Fe",
        "/api/v1/models/%E6%A8%A1%E5%9E%8B",
        "/api/v1/models/%F0%9F%9A%80",
        "/api/v1/models/a.b-c_d~e",
        "/api/v1/models/v..2",
        "/api/v1/models/model%20(v2)",
        "/api/v1/models/model%20%28v2%29",
        "/api/v1/models/a:b@c,d=e+f",
        "/api/v1/models/a%3Bb",
        "/api/v1/audit/events?from=2026-01-01T00:00:00Z&entity=model%3Ax",
        "/api/v1/models?name=a%2Fb%25",
        "/api/v1/models?name=%c3%b6"
      })
  void one_spelling_passes(String target) {
    assertThat(CanonicalPath.fault(target)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api/v1/models",
        "//",
        "//api/v1/models",
        "/api//v1/models",
        "/api/v1/models/",
        "/api/v1/models//",
        "/api/v1/../v1/models",
        "/api/v1/./models",
        "/api/v1/models/..",
        "/api/v1/models/.",
        "/api/v1/models;x=1",
        "/api/v1/models/a;b",
        "/api/v1/models/a%2fb",
        "/api/v1/models/a%2Fb",
        "/api/v1/models/%2e%2e",
        "/api/v1/models/%2E%2E/x",
        "/api/v1/models/.%2E",
        "/api/v1/models/a%2Eb",
        "/api/v1/models/a%25b",
        "/api/v1/models/%252e%252e",
        "/api/v1/models/a%5cb",
        "/api/v1/models/a%5Cb",
        "/api/v1/models/a\\b",
        "/api/v1/models/a%00b",
        "/api/v1/models/a%0Ab",
        "/api/v1/models/a%0D%0Ab",
        "/api/v1/models/a%7Fb",
        "/api/v1/models/a%C2%80b",
        "/api/v1/models/a%1Fb",
        "/api/v1/models/%C0%AF",
        "/api/v1/models/%C0%AE%C0%AE",
        "/api/v1/models/%E0%80%AF",
        "/api/v1/models/%F0%80%80%AF",
        "/api/v1/models/%ED%A0%80",
        "/api/v1/models/%ED%A0%BD%ED%B8%80",
        "/api/v1/models/%F4%90%80%80",
        "/api/v1/models/%FF",
        "/api/v1/models/%80",
        "/api/v1/models/%C3",
        "/api/v1/models/%41",
        "/api/v1/models/%7E",
        "/api/v1/models/%2D",
        "/api/v1/models/%c3%b6",
        "/api/v1/models/%",
        "/api/v1/models/%4",
        "/api/v1/models/%G1",
        "/api/v1/models/%u0041",
        "/api/v1/models/a b",
        "/api/v1/models/a\u0001b",
        "/api/v1/models/gr\u00f6\u00dfe",
        "/api/v1/models/a|b",
        "/api/v1/models/a\"b",
        "/api/v1/models/<x>",
        "/api/v1/models/a#b",
        "/api/v1/models?name=%00",
        "/api/v1/models?name=%ED%A0%80",
        "/api/v1/models?name=%C0%AF",
        "/api/v1/models?name=%zz"
      })
  void any_other_spelling_is_refused(String target) {
    assertThat(CanonicalPath.fault(target)).isPresent();
  }
}
