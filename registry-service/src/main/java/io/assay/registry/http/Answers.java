package io.assay.registry.http;

import io.assay.eventlog.Criterion;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.platform.http.Positions;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.registry.references.References;
import io.assay.registry.registryview.Origin;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import java.net.URI;
import java.text.Normalizer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What answers have in common. */
final class Answers {

  private Answers() {}

  /** Says where the last event of a write stands. */
  static void written(Receipt<?> receipt, Origin origin) {
    Positions.written(receipt.position().orElse(origin.changed()));
  }

  /** 201 with the address of what was made. */
  static <T> MutableHttpResponse<T> created(T body, String path) {
    return HttpResponse.created(body, URI.create(path));
  }

  /** 200 with the version of the resource. */
  static <T> MutableHttpResponse<T> ok(T body, Origin origin) {
    return HttpResponse.ok(body).header(HttpHeaders.ETAG, tag(origin));
  }

  /**
   * What the client has seen of a resource, by the version that it holds; null where it does not
   * say. Refuses with 412 a version that is not the present one.
   *
   * @param changes all that changes the resource
   */
  static @Nullable Guard seen(
      @Nullable String ifMatch, Origin origin, String workspace, Criterion changes) {
    if (ifMatch == null || ifMatch.equals("*")) {
      return null;
    }
    if (!ifMatch.equals(tag(origin))) {
      throw new ProblemException(
          Rejection.preconditionFailed("The resource has changed; its ETag is " + tag(origin)));
    }
    return new Guard(Query.of(workspace, changes), origin.changed() + 1);
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static @Nullable OffsetDateTime utcOrNull(@Nullable Instant instant) {
    return instant == null ? null : utc(instant);
  }

  /** What the client says, to the log's precision; now where it says nothing. */
  static Instant instant(@Nullable OffsetDateTime claimed, Instant now) {
    return claimed == null ? now : claimed.toInstant().truncatedTo(ChronoUnit.MICROS);
  }

  static String nfc(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  static String shown(@Nullable String erasable) {
    return erasable == null ? References.ERASED : erasable;
  }

  /** Refuses with 422 a number that is beyond what a double holds. */
  static Map<String, Double> finite(String pointer, @Nullable Map<String, Double> numbers) {
    if (numbers == null) {
      return Map.of();
    }
    numbers.forEach(
        (name, number) -> {
          if (!Double.isFinite(number)) {
            throw new ProblemException(
                Rejection.unacceptable(
                    pointer + "/" + name.replace("~", "~0").replace("/", "~1"),
                    "A metric is a finite number."));
          }
        });
    return Map.copyOf(numbers);
  }

  private static String tag(Origin origin) {
    return "\"" + origin.changed() + "\"";
  }
}
