package io.assay.policy.edge;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionId;
import io.assay.contracts.VersionId;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.http.Cursors;
import io.assay.platform.http.NameTag;
import io.assay.platform.http.Positions;
import io.assay.platform.http.ReadOnly;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.policy.api.PoliciesApi;
import io.assay.policy.api.model.ActivationRequest;
import io.assay.policy.api.model.DecisionOutcome;
import io.assay.policy.api.model.DeploymentImpact;
import io.assay.policy.api.model.DryRun;
import io.assay.policy.api.model.Impact;
import io.assay.policy.api.model.NewDryRun;
import io.assay.policy.api.model.NewPolicy;
import io.assay.policy.api.model.NewPolicyVersion;
import io.assay.policy.api.model.Policy;
import io.assay.policy.api.model.PolicyPage;
import io.assay.policy.api.model.PolicyVersion;
import io.assay.policy.api.model.PolicyVersionPage;
import io.assay.policy.api.model.PolicyVersionState;
import io.assay.policy.assessimpact.Impacts;
import io.assay.policy.draftpolicyversion.DraftPolicyVersion;
import io.assay.policy.dryrun.DryRuns;
import io.assay.policy.policies.PolicyReferences;
import io.assay.policy.policies.PolicyReferences.FoundPolicy;
import io.assay.policy.policies.PolicyRow;
import io.assay.policy.policies.PolicyRows;
import io.assay.policy.policies.PolicyVersionRow;
import io.assay.policy.registerpolicy.RegisterPolicy;
import io.assay.policy.requestactivation.RequestActivation;
import io.assay.policy.view.PolicyReads;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Policies and their versions over HTTP. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class PoliciesController implements PoliciesApi {

  private static final int DEFAULT_LIMIT = 100;

  private final Invocations invocations;
  private final Commands commands;
  private final EventLog log;
  private final PolicyReferences references;
  private final PolicyRows rows;
  private final PolicyReads reads;
  private final NameTag names;
  private final Cursors cursors;
  private final Impacts impacts;
  private final DryRuns dryRuns;

  PoliciesController(
      Invocations invocations,
      Commands commands,
      EventLog log,
      PolicyReferences references,
      PolicyRows rows,
      PolicyReads reads,
      NameTag names,
      Cursors cursors,
      Impacts impacts,
      DryRuns dryRuns) {
    this.invocations = invocations;
    this.commands = commands;
    this.log = log;
    this.references = references;
    this.rows = rows;
    this.reads = reads;
    this.names = names;
    this.cursors = cursors;
    this.impacts = impacts;
    this.dryRuns = dryRuns;
  }

  @Override
  public HttpResponse<Policy> createPolicy(NewPolicy body) {
    var invocation = invocations.current();
    var id = new PolicyId(Ids.next());
    Receipt<PolicyId> receipt =
        commands.send(
            new RegisterPolicy(
                id,
                names.of(invocation.workspace(), "policy", body.getName()),
                body.getName(),
                body.getEnvironment(),
                body.getDescription()),
            invocation);
    var recorded = written(receipt);
    return HttpResponse.created(
        new Policy(
                id.value(),
                body.getName(),
                body.getEnvironment(),
                Wire.utc(recorded.recordedAt()),
                invocation.actor().id(),
                recorded.position())
            .description(body.getDescription()),
        URI.create("/api/v1/policies/" + id.value()));
  }

  @Override
  public PolicyPage listPolicies(
      @Nullable String environment, @Nullable Integer limit, @Nullable String cursor) {
    reads.await();
    var workspace = invocations.current().workspace();
    var query = "policies|" + environment;
    var after = cursor == null ? null : cursors.key(workspace, query, cursor);
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found =
        rows.policies(
            workspace,
            environment,
            after == null ? "" : after.get(0),
            after == null ? null : UUID.fromString(after.get(1)),
            size + 1);
    var page = new PolicyPage(new ArrayList<>());
    found.stream().limit(size).map(Wire::policy).forEach(page::addItemsItem);
    if (found.size() > size) {
      var last = found.get(size - 1);
      page.next(cursors.after(workspace, query, last.name(), last.id().toString()));
    }
    return page;
  }

  @Override
  public HttpResponse<Policy> getPolicy(String policy) {
    reads.await();
    var row = policy(policy);
    return HttpResponse.ok(Wire.policy(row))
        .header(HttpHeaders.ETAG, etag(row.latest() + "-" + row.active()));
  }

  @Override
  public HttpResponse<PolicyVersion> draftPolicyVersion(String policy, NewPolicyVersion body) {
    var invocation = invocations.current();
    var found = found(policy);
    var registered = found.registered();
    var name = Wire.name(registered);
    var id = new PolicyVersionId(Ids.next());
    Receipt<Integer> receipt =
        commands.send(
            new DraftPolicyVersion(id, found.id(), body.getDocument(), body.getComment()),
            invocation);
    var recorded = written(receipt);
    return HttpResponse.created(
            new PolicyVersion(
                    id.value(),
                    found.id().value(),
                    name,
                    receipt.answer(),
                    io.assay.policy.conditions.Policy.digest(body.getDocument()).hex(),
                    PolicyVersionState.DRAFT,
                    registered.environment(),
                    body.getDocument(),
                    Wire.utc(recorded.recordedAt()),
                    invocation.actor().id(),
                    recorded.position())
                .comment(body.getComment()),
            address(name, receipt.answer()))
        .header(HttpHeaders.ETAG, etag(PolicyVersionState.DRAFT.getValue()));
  }

  @Override
  public PolicyVersionPage listPolicyVersions(
      String policy, @Nullable Integer limit, @Nullable String cursor) {
    reads.await();
    var workspace = invocations.current().workspace();
    var row = policy(policy);
    var query = "policy-versions|" + row.id();
    int below =
        cursor == null
            ? Integer.MAX_VALUE
            : Integer.parseInt(cursors.key(workspace, query, cursor).getFirst());
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found = rows.versions(row.id(), below, size + 1);
    var page = new PolicyVersionPage(new ArrayList<>());
    found.stream().limit(size).map(Wire::version).forEach(page::addItemsItem);
    if (found.size() > size) {
      page.next(cursors.after(workspace, query, Integer.toString(found.get(size - 1).number())));
    }
    return page;
  }

  @Override
  public HttpResponse<PolicyVersion> getPolicyVersion(String policy, String version) {
    reads.await();
    var row = version(policy, version);
    return HttpResponse.ok(Wire.version(row)).header(HttpHeaders.ETAG, etag(row.state()));
  }

  @Override
  public HttpResponse<PolicyVersion> requestPolicyActivation(
      String policy, String version, ActivationRequest body, @Nullable String ifMatch) {
    reads.await();
    var row = version(policy, version);
    if (ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(etag(row.state()))) {
      throw new ProblemException(
          Rejection.preconditionFailed("The version is " + row.state() + " now. Read it again."));
    }
    Receipt<ApprovalRequestId> receipt =
        commands.send(
            new RequestActivation(
                new ApprovalRequestId(Ids.next()),
                new PolicyVersionId(row.id()),
                body.getComment()),
            invocations.current());
    receipt.position().ifPresent(Positions::written);
    var request = receipt.answer().value();
    return HttpResponse.<PolicyVersion>accepted(URI.create(Wire.link(request).getHref()))
        .body(
            Wire.version(row)
                .state(PolicyVersionState.PENDING)
                .approvalRequest(Wire.link(request)));
  }

  @Override
  @ReadOnly
  public Impact assessPolicyImpact(String policy, String version) {
    reads.await();
    var invocation = invocations.current();
    var row = version(policy, version);
    var assessed =
        impacts.of(
            invocation.workspace(),
            row.environment(),
            io.assay.policy.conditions.Policy.of(row.document()),
            invocation.now());
    var deployments =
        assessed.impacts().stream()
            .map(
                impact ->
                    new DeploymentImpact(
                        impact.deployment().deployment().value(),
                        impact.deployment().model().value(),
                        impact.deployment().version().value(),
                        row.environment(),
                        impact.answer().permits()
                            ? DecisionOutcome.PERMITTED
                            : DecisionOutcome.REFUSED,
                        Wire.conditions(impact.answer().conditions())))
            .toList();
    int refused =
        (int) assessed.impacts().stream().filter(impact -> !impact.answer().permits()).count();
    return new Impact(
        Wire.reference(row),
        row.environment(),
        assessed.marker(),
        deployments.size(),
        refused,
        deployments);
  }

  @Override
  @ReadOnly
  public DryRun dryRunPolicy(String policy, String version, NewDryRun body) {
    reads.await();
    var invocation = invocations.current();
    var row = version(policy, version);
    var asked = io.assay.policy.conditions.Policy.of(row.document());
    if ((body.getPromotion() == null) == (body.getVersion() == null)) {
      throw new ProblemException(
          Rejection.unacceptable("", "Name either a promotion or a version."));
    }
    if (body.getEnvironment() != null && !body.getEnvironment().equals(row.environment())) {
      throw new ProblemException(
          Rejection.unacceptable("/environment", "This policy guards " + row.environment() + "."));
    }
    var said =
        body.getPromotion() != null
            ? dryRuns.ofPromotion(
                invocation.workspace(),
                new PromotionId(body.getPromotion()),
                asked,
                invocation.now())
            : dryRuns.ofVersion(
                invocation.workspace(),
                new VersionId(Objects.requireNonNull(body.getVersion())),
                asked,
                invocation.now());
    return new DryRun(
        Wire.reference(row),
        said.version().value(),
        row.environment(),
        Wire.outcome(said.outcome()),
        Wire.conditions(said.answer().conditions()),
        said.marker());
  }

  /** What the log knows by that id or name. */
  private FoundPolicy found(String idOrName) {
    return references
        .policy(invocations.current().workspace(), idOrName)
        .orElseThrow(() -> new ProblemException(Rejection.notFound("policy")));
  }

  private PolicyRow policy(String idOrName) {
    var found = found(idOrName);
    reads.await(found.position());
    reads.requireNotParked(found.id().tag().toString());
    return rows.policy(invocations.current().workspace(), found.id().value())
        .orElseThrow(() -> new ProblemException(Rejection.notFound("policy")));
  }

  private PolicyVersionRow version(String policy, String numberOrId) {
    var workspace = invocations.current().workspace();
    var found = found(policy);
    var version =
        references
            .version(workspace, found.id(), numberOrId)
            .orElseThrow(() -> new ProblemException(Rejection.notFound("version of the policy")));
    reads.await(version.position());
    reads.requireNotParked(found.id().tag().toString());
    return rows.version(workspace, version.id().value())
        .orElseThrow(() -> new ProblemException(Rejection.notFound("version of the policy")));
  }

  private RecordedEvent written(Receipt<?> receipt) {
    long position = receipt.position().orElseThrow();
    Positions.written(position);
    return log.event(position).orElseThrow();
  }

  private static URI address(String policyName, int number) {
    var name = URLEncoder.encode(policyName, StandardCharsets.UTF_8).replace("+", "%20");
    return URI.create("/api/v1/policies/" + name + "/versions/" + number);
  }

  private static String etag(String state) {
    return '"' + state + '"';
  }
}
