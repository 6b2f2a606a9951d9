package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.cli.Api;
import io.assay.cli.Api.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The log and its verifications, as an auditor asks for them. */
class LogIT {

  private static final String AUDITOR = "auditor-1";
  private static final String VERIFICATIONS = "/api/v1/log/verifications";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Test
  void aVerificationIsBegunAtOnceAndToldByEveryInstanceUntilItsEnd() throws Exception {
    try (var api = Assays.api()) {
      var begun = api.post(AUDITOR, VERIFICATIONS + "?wait=0");
      assertThat(begun.status()).as(begun.toString()).isIn(200, 202);
      var path = VERIFICATIONS + "/" + begun.text("/id");
      if (begun.status() == 202) {
        assertThat(begun.headerValue("Location")).contains(path);
        assertThat(begun.text("/state")).isIn("waiting", "running");
        assertThat(begun.body().path("verified").asBoolean()).isFalse();
      }
      var ended = ended(api, path);
      assertThat(ended.body().path("verified").asBoolean()).as(ended.toString()).isTrue();
      assertThat(ended.text("/root"))
          .isEqualTo(api.get(AUDITOR, "/api/v1/log?size=" + ended.text("/events")).text("/root"));
      for (var instance : Assays.shared().instancesOf("lineage")) {
        try (var itself = new Api(instance, Assays::token)) {
          assertThat(itself.get(AUDITOR, path).body()).isEqualTo(ended.body());
          assertThat(itself.get(AUDITOR, "/api/v1/log").body().path("verified").asBoolean())
              .isTrue();
        }
      }
    }
  }

  @Test
  void verificationsAreListedTheLatestFirst() throws Exception {
    try (var api = Assays.api()) {
      var earlier = api.post(AUDITOR, VERIFICATIONS);
      ended(api, VERIFICATIONS + "/" + earlier.text("/id"));
      var later = api.post(AUDITOR, VERIFICATIONS);

      var listed = new ArrayList<String>();
      var cursor = "";
      while (!listed.contains(earlier.text("/id"))) {
        var page = api.get(AUDITOR, VERIFICATIONS + "?limit=1" + cursor);
        assertThat(page.body().path("items")).as(page.toString()).hasSize(1);
        assertThat(page.body().at("/items/0/faults")).isEmpty();
        listed.add(page.text("/items/0/id"));
        cursor = "&cursor=" + page.text("/next");
      }
      assertThat(listed).doesNotHaveDuplicates();
      assertThat(listed.indexOf(later.text("/id"))).isBetween(0, listed.size() - 2);
    }
  }

  @Test
  void aVerificationThatThereIsNotIsNotFound() {
    try (var api = Assays.api()) {
      assertThat(api.get(AUDITOR, VERIFICATIONS + "/" + UUID.randomUUID()).status()).isEqualTo(404);
      assertThat(api.post(AUDITOR, VERIFICATIONS + "?wait=21").status()).isEqualTo(400);
    }
  }

  private static Answer ended(Api api, String path) throws InterruptedException {
    var late = Instant.now().plus(PATIENCE);
    var answer = api.get(AUDITOR, path);
    while (!answer.text("/state").equals("ended") && Instant.now().isBefore(late)) {
      Thread.sleep(100);
      answer = api.get(AUDITOR, path);
    }
    assertThat(answer.text("/state")).as(answer.toString()).isEqualTo("ended");
    return answer;
  }
}
