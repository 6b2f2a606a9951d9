package io.assay.lineage.verifylog;

import io.assay.eventlog.EventLog;
import io.assay.eventlog.LogVerifier.Fault;
import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.api.LogApi;
import io.assay.lineage.api.model.Log;
import io.assay.lineage.api.model.LogFault;
import io.assay.lineage.api.model.LogFaultKind;
import io.assay.lineage.api.model.LogVerification;
import io.assay.platform.http.ReadOnly;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Answers which log this is, how long, with which root, and whether its bytes are what they were.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class LogController implements LogApi {

  private final EventLog log;
  private final LogRoot root;
  private final LogVerifications verifications;

  LogController(EventLog log, LogRoot root, LogVerifications verifications) {
    this.log = log;
    this.root = root;
    this.verifications = verifications;
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
    var last = verifications.last();
    var answer =
        new Log(
            identity.log(),
            identity.epoch(),
            head,
            root.at(covered).hex(),
            covered,
            last.map(verified -> verified.verification().sound()).orElse(false));
    if (head > 0) {
      log.event(head - 1)
          .map(RecordedEvent::recordedAt)
          .ifPresent(at -> answer.recordedAt(at.atOffset(ZoneOffset.UTC)));
    }
    last.ifPresent(
        verified -> {
          answer.verifiedAt(verified.at().atOffset(ZoneOffset.UTC));
          answer.verifiedSize(verified.verification().size());
        });
    return answer;
  }

  @Override
  @ReadOnly
  public LogVerification verifyLog() {
    root.forget();
    var verified = verifications.verify();
    var found = verified.verification();
    return new LogVerification(
        found.size(),
        found.root().hex(),
        found.sound(),
        found.faults().stream().map(LogController::fault).toList(),
        verified.at().atOffset(ZoneOffset.UTC));
  }

  private static LogFault fault(Fault fault) {
    var kind =
        switch (fault.kind()) {
          case POSITION -> LogFaultKind.POSITION;
          case LEAF -> LogFaultKind.LEAF;
          case SECTION -> LogFaultKind.SECTION;
          case PREVIOUS -> LogFaultKind.PREVIOUS;
          case TIME -> LogFaultKind.TIME;
        };
    return new LogFault(fault.position(), kind, fault.cause());
  }
}
