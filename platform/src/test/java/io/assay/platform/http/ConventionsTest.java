package io.assay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.platform.sample.SampleRefusals;
import io.assay.platform.sample.SampleService;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConventionsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SAMPLES = "/api/v1/samples";

  private static SampleService service;

  @BeforeAll
  static void start() {
    service = new SampleService(Map.of());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void a_write_answers_its_position_and_place() {
    var answer = service.post(SAMPLES, "{\"name\":\"a\",\"amount\":1}");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Assay-Position")).isPresent();
    assertThat(answer.headers().firstValue("Location")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\":\"a\",\"amount\":1,\"colour\":\"red\"}             | 400 | malformed-request | /colour",
        "{\"name\":\"a\",\"amount\":\"many\"}                         | 400 | malformed-request | /amount",
        "{\"name\":[\"a\"],\"amount\":1}                              | 400 | malformed-request | /name",
        "{\"name\":5,\"amount\":1}                                  | 400 | malformed-request | /name",
        "{\"name\":\"a\",\"amount\":\"5\"}                            | 400 | malformed-request | /amount",
        "{\"name\":\"a\",\"amount\":1.5}                              | 400 | malformed-request | /amount",
        "{\"name\":\"a\",\"amount\":1,\"parts\":{\"label\":\"x\"}}      | 400 | malformed-request | /parts",
        "{\"name\":\"a\",\"amount\":1,\"parts\":[\"x\"]}               | 400 | malformed-request | /parts/0",
        "{\"name\":\" \",\"amount\":1}                                | 400 | malformed-request | /name",
        "{\"name\":\"a\",\"amount\":11}                               | 400 | malformed-request | /amount",
        "{\"name\":null,\"amount\":1}                                 | 400 | malformed-request | /name",
        "{\"amount\":1}                                               | 400 | malformed-request | /name",
        "{\"name\":\"a\",\"amount\":1,\"parts\":[{\"label\":\"\"}]}   | 400 | malformed-request | /parts/0/label",
        "{\"name\":\"a\",\"amount\":1,\"parts\":[{\"label\":\"x\"},{\"label\":{}}]} | 400 | malformed-request | /parts/1/label",
        "{\"name\":\"a\",\"amount\":1,\"parts\":[{\"label\":\"x\",\"q\":1}]} | 400 | malformed-request | /parts/0/q",
        "{\"name\":\"\\ud83d\",\"amount\":1}                          | 400 | malformed-json    | /name",
        "{\"name\":\"a\",\"name\":\"b\",\"amount\":1}                 | 400 | malformed-json    | ``",
        "{\"name\":                                                   | 400 | malformed-json    | ``",
        "[]                                                           | 400 | malformed-request | ``",
        "7                                                            | 400 | malformed-request | ``"
      })
  void bad_input_is_answered_with_the_field_by_its_json_pointer(
      String body, int status, String slug, String pointer) throws IOException {
    var problem = problem(service.post(SAMPLES, body), status, slug);

    assertThat(problem.path("errors").path(0).path("pointer").asText("none")).isEqualTo(pointer);
    assertThat(problem.toString()).doesNotContain("io.assay", "java.", "Sample");
  }

  @Test
  void the_next_request_works_after_a_bad_one() {
    service.post(SAMPLES, "{");
    assertThat(service.post(SAMPLES, "{\"name\":\"a\",\"amount\":1}").statusCode()).isEqualTo(201);
  }

  @Test
  void an_empty_body_is_a_problem_and_not_a_failure() throws IOException {
    problem(service.post(SAMPLES, ""), 400, "malformed-request");
  }

  @Test
  void a_query_parameter_is_named_as_the_interface_names_it() throws IOException {
    var outside = problem(service.get(SAMPLES + "?limit=1001"), 400, "malformed-request");
    assertThat(outside.at("/errors/0/pointer").asText()).isEqualTo("#/query/limit");

    var wrong = problem(service.get(SAMPLES + "?limit=ten"), 400, "malformed-request");
    assertThat(wrong.at("/errors/0/pointer").asText()).isEqualTo("#/query/limit");
  }

  @Test
  void a_body_over_the_limit_is_refused() throws IOException {
    var body = "{\"name\":\"" + "a".repeat(1024 * 1024) + "\",\"amount\":1}";
    problem(service.post(SAMPLES, body), 413, "too-large");
  }

  @Test
  void a_streamed_body_over_the_limit_passes_where_bytes_are_taken() {
    var answer =
        service.send(
            service
                .request(SAMPLES + "/x/bytes", "engineer", "ml-engineer")
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(new byte[20 * 1024 * 1024]))
                .build());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("20971520");
  }

  @Test
  void another_media_type_is_refused() throws IOException {
    var answer =
        service.send(
            service
                .request(SAMPLES, "engineer", "ml-engineer")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString("a,b"))
                .build());
    problem(answer, 415, "unsupported-media-type");
  }

  @Test
  void another_method_is_refused_with_those_that_are_allowed() throws IOException {
    var answer = service.send(service.request(SAMPLES, "engineer", "ml-engineer").DELETE().build());
    problem(answer, 405, "method-not-allowed");
    assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET", "POST");
  }

  @Test
  void an_unknown_route_is_a_problem() throws IOException {
    problem(service.get("/api/v1/nothing"), 404, "no-such-route");
  }

  @Test
  void a_stranger_is_answered_alike_whatever_the_name_behind_a_route() throws IOException {
    for (var name : List.of("known", "unknown")) {
      var answer = service.send(HttpRequest.newBuilder(service.uri(SAMPLES + "/" + name)).build());
      problem(answer, 401, "unauthenticated");
    }
  }

  @Test
  void a_failure_inside_tells_nothing_of_the_inside() throws IOException {
    var answer = service.get(SAMPLES + "/broken");
    problem(answer, 500, "internal-error");
    assertThat(answer.body()).doesNotContain("secret detail", "Exception", "at io.assay");
  }

  @Test
  void a_missing_role_is_refused_and_recorded() throws IOException {
    var request =
        service
            .request(SAMPLES, "auditor-of-this-test", "auditor")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"name\":\"a\",\"amount\":1}"))
            .build();
    var problem = problem(service.send(request), 403, "role-missing");

    assertThat(problem.at("/roles/0").asText()).isEqualTo("ml-engineer");
    assertThat(service.context().getBean(SampleRefusals.class).recorded)
        .containsExactly("POST /api/v1/samples [ml-engineer]");
  }

  @Test
  void names_with_spaces_and_any_script_arrive_as_they_were_meant() {
    assertThat(service.get(SAMPLES + "/gr%C3%B6%C3%9Fe%20%28v2%29").body()).contains("größe (v2)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//api/v1/samples",
        "/api/v1/samples/",
        "/api/v1//samples",
        "/api/v1/../v1/samples",
        "/api/v1/samples;a=b",
        "/api/v1/samples/a%2Fb",
        "/api/v1/samples/%2e%2e",
        "/api/v1/samples/%2541",
        "/api/v1/samples/%5C",
        "/api/v1/samples/%00",
        "/api/v1/samples/%C0%AF",
        "/api/v1/samples/%41",
        "/api/v1/samples/a|b",
        "/api/v1/samples/%",
        "/api/v1/samples?x=%00"
      })
  void a_path_that_is_not_canonical_reaches_nothing(String target) throws IOException {
    assertThat(service.raw(target))
        .startsWith("HTTP/1.1 400")
        .contains("/problems/path-not-canonical")
        .containsIgnoringCase("x-content-type-options: nosniff");
  }

  @Test
  void every_answer_bears_security_headers_a_request_id_and_a_trace() {
    var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (var path : new String[] {SAMPLES, "/api/v1/nothing", SAMPLES + "/broken"}) {
      var headers =
          service
              .send(
                  service
                      .request(path, "engineer", "ml-engineer")
                      .header("traceparent", trace)
                      .header("Assay-Request-Id", "mine-1")
                      .build())
              .headers();
      assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
      assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
      assertThat(headers.firstValue("Assay-Request-Id")).hasValue("mine-1");
      assertThat(headers.firstValue("traceparent").orElse(""))
          .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
          .isNotEqualTo(trace);
      assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @Test
  void a_request_id_that_is_not_one_is_replaced() {
    var headers =
        service
            .send(
                service
                    .request(SAMPLES, "engineer", "ml-engineer")
                    .header("Assay-Request-Id", "<script>")
                    .header("traceparent", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")
                    .build())
            .headers();
    assertThat(headers.firstValue("Assay-Request-Id").orElse("")).matches("[0-9a-f-]{36}");
    assertThat(headers.firstValue("traceparent").orElse("")).doesNotContain("0".repeat(32));
  }

  @Test
  void a_workspace_is_seen_by_its_members_only() throws IOException {
    var token =
        service.issuer.sign(
            service
                .issuer
                .claims("ada", "auditor")
                .claim("groups", List.of("/workspaces/blue"))
                .build());
    var blue = whoAmI(token, "blue");
    assertThat(blue.body()).contains("\"workspace\":\"blue\"");
    problem(whoAmI(token, "red"), 404, "not-found");
    problem(whoAmI(token, "Not A Name"), 400, "malformed-request");
  }

  private static HttpResponse<String> whoAmI(String token, String workspace) {
    return service.send(
        HttpRequest.newBuilder(service.uri(SAMPLES + "/whoami"))
            .header("Authorization", "Bearer " + token)
            .header("Assay-Workspace", workspace)
            .build());
  }

  private static JsonNode problem(HttpResponse<String> answer, int status, String slug)
      throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    var problem = JSON.readTree(answer.body());
    assertThat(problem.path("type").asText()).isEqualTo("/problems/" + slug);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotBlank();
    return problem;
  }
}
