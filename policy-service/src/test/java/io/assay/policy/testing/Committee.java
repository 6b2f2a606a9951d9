package io.assay.policy.testing;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.Event;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Guard;
import io.assay.eventlog.testing.InMemoryEventLog;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.policy.evidence.EvidenceReader;
import io.assay.policy.staleapproval.StaleApproval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Everybody around one version, doing things in any order, some of them between two others. */
public final class Committee {

  public static final String ENVIRONMENT = "production";

  /** Who may be asked to do something, and the role that lets him try. */
  public static final Map<String, String> PEOPLE =
      Map.of(
          "developer", "risk-officer",
          "engineer", "risk-officer",
          "author", "compliance-officer",
          "ann", "model-validator",
          "bob", "risk-officer",
          "cat", "risk-officer");

  /** One thing that somebody does; what is impossible now does nothing. */
  public sealed interface Step {

    record SayYes(String person) implements Step {}

    record SayNo(String person) implements Step {}

    record Decide() implements Step {}

    record Complete() implements Step {}

    record RequestPromotion(String person) implements Step {}

    record Activate(String document, String author) implements Step {}

    record AddEvidence() implements Step {}

    record Contribute(String person) implements Step {}

    record MakeStale() implements Step {}

    record Withdraw() implements Step {}

    record ExpirePromotion() implements Step {}

    record Wait(int hours) implements Step {}

    /** {@code within} happens after {@code step} has read what it decides on. */
    record Meanwhile(Step step, Step within) implements Step {}
  }

  private final EventLog log = new InMemoryEventLog();
  private final Candidate candidate = new Candidate(log, ENVIRONMENT);
  private final Commands commands;
  private final Board board;
  private final Map<Long, Instant> completions = new HashMap<>();
  private PromotionId promotion;
  private @Nullable Step meanwhile;

  /** A policy is in force, and the engineer has requested a promotion. */
  public Committee(Decider<?, ?, ?>... instead) {
    var deciders = Deciders.of(log);
    for (var decider : instead) {
      deciders.with(decider);
    }
    commands =
        new Commands() {
          @Override
          public <R> Receipt<R> send(Object command, Invocation invocation, @Nullable Guard seen) {
            happensMeanwhile();
            return deciders.send(command, invocation, seen);
          }
        };
    board = new Board(log, commands);
    board.activated(Board.document("first", ENVIRONMENT), "author");
    promotion = candidate.requested("engineer");
  }

  /** All that has happened. */
  public EventLog log() {
    return log;
  }

  /** When the promotion at a position was completed, by the clock of those who act. */
  public Instant completedAt(long position) {
    return completions.getOrDefault(position, Instant.MAX);
  }

  /** Does them in this order. */
  public Committee act(List<Step> steps) {
    steps.forEach(this::attempt);
    return this;
  }

  private void attempt(Step step) {
    try {
      act(step);
    } catch (ProblemException e) {
      // Refused, and as good as not done.
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof AppendConflictException)) {
        throw e;
      }
    }
  }

  private void act(Step step) {
    switch (step) {
      case Step.SayYes yes -> {
        var request = request();
        if (request != null) {
          board.approved(request, yes.person, role(yes.person));
        }
      }
      case Step.SayNo no -> {
        var request = request();
        if (request != null) {
          board.rejected(request, no.person, role(no.person));
        }
      }
      case Step.Decide decide -> board.decided(promotion);
      case Step.Complete complete -> complete();
      case Step.RequestPromotion request -> promotion = candidate.requested(request.person);
      case Step.Activate activate ->
          board.activated(Board.document(activate.document, ENVIRONMENT), activate.author);
      case Step.AddEvidence add -> candidate.evaluated();
      case Step.Contribute contribute -> candidate.stored(contribute.person);
      case Step.MakeStale make -> makeStale();
      case Step.Withdraw withdraw -> candidate.withdrawn(promotion);
      case Step.ExpirePromotion expire -> candidate.expired(promotion);
      case Step.Wait wait -> board.at(board.now().plus(Duration.ofHours(wait.hours)));
      case Step.Meanwhile both -> {
        meanwhile = both.within;
        act(both.step);
        happensMeanwhile();
      }
    }
  }

  private void happensMeanwhile() {
    var step = meanwhile;
    meanwhile = null;
    if (step != null) {
      attempt(step);
    }
  }

  /** Tries to complete by every permit there ever was, as the registry does. */
  private void complete() {
    for (var decision : all(PromotionDecided.class)) {
      if (decision.outcome() == Outcome.PERMIT && board.now().isBefore(decision.validUntil())) {
        try {
          completions.put(candidate.completed(decision), board.now());
        } catch (CompletionException e) {
          if (!(e.getCause() instanceof AppendConflictException)) {
            throw e;
          }
        }
      }
    }
  }

  private void makeStale() {
    var request = request();
    if (request != null) {
      var evidence = new EvidenceReader(log);
      commands.send(
          new StaleApproval(
              request, candidate.content(), evidence.gate("default", ENVIRONMENT).digest()),
          board.by("policy"));
    }
  }

  private @Nullable ApprovalRequestId request() {
    var all = all(ApprovalRequested.class);
    return all.isEmpty() ? null : all.getLast().approvalRequest();
  }

  private <E extends Event> List<E> all(Class<E> type) {
    var all = new ArrayList<E>();
    for (var event : log.read(0, Integer.MAX_VALUE)) {
      if (type.isInstance(event.event())) {
        all.add(type.cast(event.event()));
      }
    }
    return all;
  }

  private static String role(String person) {
    return PEOPLE.getOrDefault(person, "ml-engineer");
  }
}
