package io.assay.platform.sample;

import io.assay.platform.http.Positions;
import io.assay.platform.http.ReadOnly;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Invocations;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.micronaut.validation.Validated;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

@Validated
@Controller("/api/v1/samples")
class SampleController {

  static final AtomicLong WRITES = new AtomicLong();
  static volatile @Nullable CountDownLatch hold;
  static volatile @Nullable CountDownLatch entered;

  private final Invocations invocations;

  SampleController(Invocations invocations) {
    this.invocations = invocations;
  }

  @Post
  @Secured("ml-engineer")
  HttpResponse<Map<String, Object>> register(@Body @Valid Sample sample)
      throws InterruptedException {
    var arrived = entered;
    var gate = hold;
    if (arrived != null && gate != null) {
      arrived.countDown();
      gate.await(30, TimeUnit.SECONDS);
    }
    if (sample.name().equals("refused")) {
      WRITES.incrementAndGet();
      throw new ProblemException(Rejection.exists("The name is taken."));
    }
    long written = WRITES.incrementAndGet();
    Positions.written(written);
    return HttpResponse.<Map<String, Object>>created(Map.of("name", sample.name(), "n", written))
        .header("Location", "/api/v1/samples/" + written);
  }

  @Post("/dry-run")
  @ReadOnly
  @Secured("ml-engineer")
  Map<String, Object> dryRun(@Body @Valid Sample sample) {
    return Map.of("n", WRITES.incrementAndGet());
  }

  @Get
  @Secured({"ml-engineer", "auditor"})
  Map<String, Object> list(@QueryValue(value = "limit", defaultValue = "100") @Max(1000) int size) {
    return Map.of("limit", size);
  }

  @Get("/{sample}")
  @Secured({"ml-engineer", "auditor"})
  Map<String, Object> one(@PathVariable("sample") String key) {
    return Map.of("name", key);
  }

  @Get("/whoami")
  @Secured({"ml-engineer", "auditor", "service"})
  Map<String, Object> whoAmI(Invocation invocation) {
    var current = invocations.current();
    return Map.of(
        "actor", invocation.actor().id(),
        "kind", invocation.actor().kind().spelling(),
        "roles", invocation.roles(),
        "workspace", invocation.workspace(),
        "client", String.valueOf(invocation.client()),
        "correlation", current.correlation());
  }

  @Get("/broken")
  @Secured("ml-engineer")
  String broken() {
    throw new IllegalStateException("secret detail of the inside");
  }

  @Put("/{sample}/bytes")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Secured("ml-engineer")
  Map<String, Object> bytes(String sample, @Body InputStream body) throws IOException {
    return Map.of("bytes", body.transferTo(OutputStream.nullOutputStream()));
  }
}
