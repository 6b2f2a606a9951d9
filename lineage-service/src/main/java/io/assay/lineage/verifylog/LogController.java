package io.assay.lineage.verifylog;

import io.assay.eventlog.EventLog;
import io.assay.eventlog.LogVerifier.Fault;
import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.api.LogApi;
import io.assay.lineage.api.model.Log;
import io.assay.lineage.api.model.LogFault;
import io.assay.lineage.api.model.LogFaultKind;
import io.assay.lineage.api.model.LogVerification;
import io.assay.lineage.api.model.LogVerificationPage;
import io.assay.lineage.api.model.LogVerificationState;
import io.assay.lineage.verifylog.VerificationRun.State;
import io.assay.platform.http.Cursors;
import io.assay.platform.http.ReadOnly;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers which log this is, how long, with which root, and whether its bytes are what they were.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class LogController implements LogApi {

  private static final int DEFAULT_LIMIT = 100;
  private static final int DEFAULT_WAIT_SECONDS = 20;

  /** The log is of all workspaces. */
  private static final String WORKSPACE = "default";

  private static final String CURSOR = "log/verifications";

  private final EventLog log;
  private final LogRoot root;
  private final LogVerifications verifications;
  private final VerificationRunRows runs;
  private final Cursors cursors;

  LogController(
      EventLog log,
      LogRoot root,
      LogVerifications verifications,
      VerificationRunRows runs,
      Cursors cursors) {
    this.log = log;
    this.root = root;
    this.verifications = verifications;
    this.runs = runs;
    this.cursors = cursors;
  }

  @Override
  public Log getLog(@Nullable Long size) {
    long head = log.head();
    if (size != null && size > head) {
      throw new ProblemException(
          Rejection.malformed("#/query/size", "The log has %d events.".formatted(head)));
    }
    long covered = size == null ? head : size;
    var identity = log.identity();
    var last = runs.latest();
    var answer =
        new Log(
            identity.log(),
            identity.epoch(),
            head,
            root.at(covered).hex(),
            covered,
            last.map(VerificationRun::sound).orElse(false));
    if (head > 0) {
      log.event(head - 1)
          .map(RecordedEvent::recordedAt)
          .ifPresent(at -> answer.recordedAt(utc(at)));
    }
    last.ifPresent(
        run -> {
          answer.verifiedAt(utcOrNull(run.endedAt()));
          answer.verifiedSize(run.events());
        });
    return answer;
  }

  @Override
  @ReadOnly
  public HttpResponse<LogVerification> verifyLog(@Nullable Integer wait) {
    var run = verifications.verify(Duration.ofSeconds(wait == null ? DEFAULT_WAIT_SECONDS : wait));
    var answer = answer(run, run.faults());
    return switch (run.state()) {
      case ENDED, FAILED -> HttpResponse.ok(answer);
      case WAITING, RUNNING ->
          HttpResponse.accepted(URI.create("/api/v1/log/verifications/" + run.id())).body(answer);
    };
  }

  @Override
  public LogVerification getLogVerification(UUID verification) {
    return runs.find(verification)
        .map(run -> answer(run, run.faults()))
        .orElseThrow(
            () -> new ProblemException(Rejection.notFound("verification " + verification)));
  }

  @Override
  public LogVerificationPage listLogVerifications(
      @Nullable Integer limit, @Nullable String cursor) {
    long before =
        cursor == null
            ? Long.MAX_VALUE
            : Long.parseLong(cursors.key(WORKSPACE, CURSOR, cursor).getFirst());
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found = runs.before(before, size + 1);
    var page = new LogVerificationPage(new ArrayList<>());
    found.stream().limit(size).map(run -> answer(run, List.of())).forEach(page::addItemsItem);
    if (found.size() > size) {
      page.next(cursors.after(WORKSPACE, CURSOR, Long.toString(found.get(size - 1).number())));
    }
    return page;
  }

  private static LogVerification answer(VerificationRun run, List<Fault> faults) {
    var answer =
        new LogVerification(
            run.id(),
            state(run.state()),
            run.reading(),
            run.events(),
            run.logSize(),
            run.sound(),
            run.faultCount(),
            faults.stream().map(LogController::fault).toList(),
            utc(run.askedAt()));
    answer.startedAt(utcOrNull(run.startedAt()));
    answer.failure(run.failure());
    if (run.root() != null) {
      answer.root(run.root().hex());
      answer.verifiedAt(utcOrNull(run.endedAt()));
    }
    return answer;
  }

  private static LogVerificationState state(State state) {
    return switch (state) {
      case WAITING -> LogVerificationState.WAITING;
      case RUNNING -> LogVerificationState.RUNNING;
      case ENDED -> LogVerificationState.ENDED;
      case FAILED -> LogVerificationState.FAILED;
    };
  }

  private static LogFault fault(Fault fault) {
    var kind =
        switch (fault.kind()) {
          case POSITION -> LogFaultKind.POSITION;
          case LEAF -> LogFaultKind.LEAF;
          case SECTION -> LogFaultKind.SECTION;
          case PREVIOUS -> LogFaultKind.PREVIOUS;
          case TIME -> LogFaultKind.TIME;
          case ROOT -> LogFaultKind.ROOT;
        };
    return new LogFault(fault.position(), kind, fault.cause());
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable OffsetDateTime utcOrNull(@Nullable Instant instant) {
    return instant == null ? null : utc(instant);
  }
}
