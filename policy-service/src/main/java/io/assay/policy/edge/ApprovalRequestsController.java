package io.assay.policy.edge;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.EventLog;
import io.assay.platform.http.Cursors;
import io.assay.platform.http.Positions;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.policy.api.ApprovalRequestsApi;
import io.assay.policy.api.model.Approval;
import io.assay.policy.api.model.ApprovalRequest;
import io.assay.policy.api.model.ApprovalRequestPage;
import io.assay.policy.api.model.ApprovalRequestState;
import io.assay.policy.api.model.NewApproval;
import io.assay.policy.api.model.NewRejection;
import io.assay.policy.api.model.Rejection;
import io.assay.policy.approval.ApprovalSubjects;
import io.assay.policy.approvalrequests.ApprovalRequestRows;
import io.assay.policy.giveapproval.GiveApproval;
import io.assay.policy.giveapproval.GiveApproval.Given;
import io.assay.policy.rejectapproval.RejectApproval;
import io.assay.policy.view.PolicyReads;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Approval requests and their answers over HTTP. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ApprovalRequestsController implements ApprovalRequestsApi {

  private static final int DEFAULT_LIMIT = 100;

  /** How often what a yes is about is read again when it changed in between. */
  private static final int ATTEMPTS = 3;

  private final Invocations invocations;
  private final Commands commands;
  private final EventLog log;
  private final ApprovalSubjects subjects;
  private final ApprovalRequestRows rows;
  private final PolicyReads reads;
  private final Cursors cursors;
  private final Wire wire;

  ApprovalRequestsController(
      Invocations invocations,
      Commands commands,
      EventLog log,
      ApprovalSubjects subjects,
      ApprovalRequestRows rows,
      PolicyReads reads,
      Cursors cursors,
      Wire wire) {
    this.invocations = invocations;
    this.commands = commands;
    this.log = log;
    this.subjects = subjects;
    this.rows = rows;
    this.reads = reads;
    this.cursors = cursors;
    this.wire = wire;
  }

  @Override
  public ApprovalRequestPage listApprovalRequests(
      @Nullable ApprovalRequestState state,
      @Nullable UUID subject,
      @Nullable Integer limit,
      @Nullable String cursor) {
    reads.await();
    var workspace = invocations.current().workspace();
    var query = "approval-requests|" + state + "|" + subject;
    long below =
        cursor == null
            ? Long.MAX_VALUE
            : Long.parseLong(cursors.key(workspace, query, cursor).getFirst());
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found =
        rows.requests(workspace, state == null ? null : state.getValue(), subject, below, size + 1);
    var page = new ApprovalRequestPage(new ArrayList<>());
    found.stream().limit(size).map(wire::request).forEach(page::addItemsItem);
    if (found.size() > size) {
      page.next(cursors.after(workspace, query, Long.toString(found.get(size - 1).position())));
    }
    return page;
  }

  @Override
  public HttpResponse<ApprovalRequest> getApprovalRequest(UUID request) {
    reads.await();
    var row =
        rows.request(invocations.current().workspace(), request)
            .orElseThrow(
                () ->
                    new ProblemException(
                        io.assay.platform.problem.Rejection.notFound("approval request")));
    reads.requireNotParked(row.subjectKind() + ":" + row.subject());
    return HttpResponse.ok(wire.request(row))
        .header(HttpHeaders.ETAG, '"' + row.state() + "-" + row.answers().size() + '"');
  }

  @Override
  public HttpResponse<Approval> approve(UUID request, NewApproval body) {
    var invocation = invocations.current();
    Receipt<Given> receipt =
        answered(
            request,
            invocation,
            about ->
                new GiveApproval(
                    new ApprovalRequestId(request),
                    new Sha256(body.getContentDigest()),
                    new Sha256(body.getPolicyDigest()),
                    body.getMeaning().getValue(),
                    body.getComment(),
                    invocation.workspace(),
                    about.now(),
                    about
                        .draft()
                        .map(draft -> draft.drafted())
                        .map(
                            drafted ->
                                new GiveApproval.Activation(
                                    drafted.policyVersion(),
                                    drafted.policy(),
                                    drafted.environment(),
                                    drafted.digest()))
                        .orElse(null)));
    long last = receipt.position().orElseThrow();
    Positions.written(last);
    var given = log.event(last - receipt.answer().events() + 1).orElseThrow();
    var roles = given.event() instanceof ApprovalGiven yes ? yes.roles() : List.<String>of();
    var approval =
        new Approval(
            given.id(),
            wire.actor(invocation.actor().id(), invocation.actor().kind().spelling()),
            roles,
            body.getContentDigest(),
            body.getPolicyDigest(),
            body.getMeaning(),
            Wire.utc(given.recordedAt()),
            invocation.actor().id(),
            given.position());
    return HttpResponse.created(approval.comment(body.getComment()), address(request));
  }

  @Override
  public HttpResponse<Rejection> reject(UUID request, NewRejection body) {
    var invocation = invocations.current();
    Receipt<ApprovalRequestId> receipt =
        answered(
            request,
            invocation,
            about ->
                new RejectApproval(
                    new ApprovalRequestId(request),
                    new Sha256(body.getContentDigest()),
                    new Sha256(body.getPolicyDigest()),
                    body.getComment(),
                    about.now()));
    long position = receipt.position().orElseThrow();
    Positions.written(position);
    var rejected = log.event(position).orElseThrow();
    return HttpResponse.created(
        new Rejection(
            rejected.id(),
            wire.actor(invocation.actor().id(), invocation.actor().kind().spelling()),
            invocation.roles().stream().sorted().toList(),
            body.getContentDigest(),
            body.getPolicyDigest(),
            body.getComment(),
            Wire.utc(rejected.recordedAt()),
            invocation.actor().id(),
            position),
        address(request));
  }

  private <R> Receipt<R> answered(
      UUID request, Invocation invocation, Function<ApprovalSubjects.About, Object> command) {
    for (int attempt = 1; ; attempt++) {
      var about = subjects.about(invocation.workspace(), new ApprovalRequestId(request));
      try {
        return commands.send(command.apply(about), invocation);
      } catch (ProblemException e) {
        if (attempt == ATTEMPTS
            || !e.rejection().equals(io.assay.platform.problem.Rejection.lostRace())) {
          throw e;
        }
      }
    }
  }

  private static URI address(UUID request) {
    return URI.create("/api/v1/approval-requests/" + request);
  }
}
