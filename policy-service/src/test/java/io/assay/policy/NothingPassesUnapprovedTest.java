package io.assay.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Event;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.policy.decidepromotion.DecidePromotion;
import io.assay.policy.evidence.VersionDossier;
import io.assay.policy.testing.Auditor;
import io.assay.policy.testing.Committee;
import io.assay.policy.testing.Committee.Step;
import io.assay.policy.testing.Deciders;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * In whatever order people approve, reject, measure, contribute, activate, decide and complete: no
 * version is promoted without a permit for exactly its content, under the policy in force, with
 * enough approvals by others than those who took part.
 */
class NothingPassesUnapprovedTest {

  /** So many stories are told to each broken rule; with one seed, so that it is always the same. */
  private static final int STORIES = 500;

  @Property(tries = 500)
  void noOrderOfAppendsLetsAnUnapprovedVersionThrough(@ForAll("stories") List<Step> story) {
    assertThat(Auditor.audit(new Committee().act(story)).findings()).isEmpty();
  }

  @Example
  void theStoriesPromoteOftenEnoughToSaySomething() {
    long promoted =
        told().filter(story -> Auditor.audit(new Committee().act(story)).promotions() > 0).count();
    assertThat(promoted).isGreaterThan(STORIES / 20);
  }

  @Example
  void aRuleThatIgnoresWhoContributedIsFound() {
    isFound(
        new Spoilt(command -> seeing(command, command.dossier().contentDigest(), Set.of()), false));
  }

  @Example
  void aRuleThatIgnoresThatTheContentChangedIsFound() {
    var first = new HashMap<PromotionId, Sha256>();
    isFound(
        new Spoilt(
            command ->
                seeing(
                    command,
                    first.computeIfAbsent(
                        command.promotion(), unknown -> command.dossier().contentDigest()),
                    command.dossier().contributors()),
            false));
  }

  @Example
  void aRuleWhoseDecisionsDoNotAgeIsFound() {
    isFound(new Spoilt(UnaryOperator.identity(), true));
  }

  private void isFound(Decider<?, ?, ?> broken) {
    assertThat(
            told()
                .anyMatch(
                    story -> !Auditor.audit(new Committee(broken).act(story)).findings().isEmpty()))
        .isTrue();
  }

  private Stream<List<Step>> told() {
    var generator = stories().generator(1_000);
    var random = new Random(42);
    return IntStream.range(0, STORIES).mapToObj(i -> generator.next(random).value());
  }

  @Provide
  Arbitrary<List<Step>> stories() {
    var people = Arbitraries.of(Committee.PEOPLE.keySet().stream().sorted().toList());
    var documents = Arbitraries.of("first", "second");
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(12, people.map(Step.SayYes::new)),
            Tuple.of(1, people.map(Step.SayNo::new)),
            Tuple.of(8, Arbitraries.create(Step.Decide::new)),
            Tuple.of(6, Arbitraries.create(Step.Complete::new)),
            Tuple.of(2, people.map(Step.RequestPromotion::new)),
            Tuple.of(1, documents.flatMap(d -> people.map(p -> new Step.Activate(d, p)))),
            Tuple.of(1, Arbitraries.create(Step.AddEvidence::new)),
            Tuple.of(1, people.map(Step.Contribute::new)),
            Tuple.of(1, Arbitraries.create(Step.MakeStale::new)),
            Tuple.of(1, Arbitraries.create(Step.Withdraw::new)),
            Tuple.of(1, Arbitraries.create(Step.ExpirePromotion::new)),
            Tuple.of(1, Arbitraries.integers().between(1, 60).map(Step.Wait::new)));
    Arbitrary<Step> any =
        Arbitraries.frequencyOf(
            Tuple.of(5, step),
            Tuple.of(1, step.flatMap(s -> step.map(within -> new Step.Meanwhile(s, within)))));
    return any.list().ofMinSize(5).ofMaxSize(40);
  }

  private static DecidePromotion seeing(
      DecidePromotion command, Sha256 content, Set<String> contributors) {
    var dossier = command.dossier();
    return new DecidePromotion(
        command.decision(),
        command.approvalRequest(),
        command.promotion(),
        command.contentDigest(),
        command.workspace(),
        new VersionDossier(
            dossier.version(),
            dossier.model(),
            dossier.evidence(),
            content,
            contributors,
            dossier.criteria(),
            dossier.marker()),
        command.gate());
  }

  /** The rule of decisions, shown something else than there is, or forgetting what it rests on. */
  private static final class Spoilt implements Decider<DecidePromotion, Object, PromotionDecided> {

    @SuppressWarnings("unchecked")
    private final Decider<DecidePromotion, Object, PromotionDecided> rule =
        (Decider<DecidePromotion, Object, PromotionDecided>) Deciders.decider("DecidePromotion");

    private final UnaryOperator<DecidePromotion> seen;
    private final boolean ageless;

    private Spoilt(UnaryOperator<DecidePromotion> seen, boolean ageless) {
      this.seen = seen;
      this.ageless = ageless;
    }

    @Override
    public Class<DecidePromotion> command() {
      return DecidePromotion.class;
    }

    @Override
    public Query boundary(DecidePromotion command, Invocation invocation) {
      return rule.boundary(command, invocation);
    }

    @Override
    public Object initial() {
      return rule.initial();
    }

    @Override
    public Object evolve(Object state, RecordedEvent event) {
      return rule.evolve(state, event);
    }

    @Override
    public Outcome<PromotionDecided> decide(
        DecidePromotion command, Object state, Invocation invocation) {
      var outcome = rule.decide(seen.apply(command), state, invocation);
      return ageless && outcome instanceof Outcome.Accepted<PromotionDecided>(var facts, var answer)
          ? Outcome.accepted(
              ageless(answer),
              facts.stream()
                  .map(fact -> fact.event().equals(answer) ? ageless(answer) : fact.event())
                  .toArray(Event[]::new))
          : outcome;
    }

    @Override
    public List<Guard> guards(DecidePromotion command) {
      return ageless ? List.of() : rule.guards(command);
    }

    private static PromotionDecided ageless(PromotionDecided decided) {
      return new PromotionDecided(
          decided.decision(),
          decided.promotion(),
          decided.version(),
          decided.model(),
          decided.environment(),
          decided.contentDigest(),
          decided.policyVersion(),
          decided.policyDigest(),
          decided.outcome(),
          decided.conditions(),
          List.of(),
          decided.marker(),
          decided.validUntil());
    }
  }
}
