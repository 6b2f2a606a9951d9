package io.assay.lineage.verifylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eventlog.LogVerifier.Fault;
import io.assay.eventlog.LogVerifier.Kind;
import io.assay.eventlog.LogVerifier.Verification;
import io.assay.lineage.testing.LineageFixture;
import io.assay.lineage.testing.Road;
import io.assay.lineage.verifylog.VerificationRun.State;
import io.assay.platform.database.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogVerificationIT {

  private final LineageFixture fixture = new LineageFixture();
  private final LogVerifications verifications = fixture.bean(LogVerifications.class);
  private final VerificationRunRows runs = fixture.bean(VerificationRunRows.class);
  private final LogRoot root = fixture.bean(LogRoot.class);

  @BeforeEach
  void theRoadIsRecorded() {
    fixture.append("default", new Road().events());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aLogThatNobodyTouchedIsSoundAndItsRootIsTheOneOfItsLeaves() {
    var verified = verified();
    assertThat(verified.sound()).isTrue();
    assertThat(verified.faults()).isEmpty();
    assertThat(verified.events()).isEqualTo(verified.logSize()).isEqualTo(fixture.log().head());
    assertThat(verified.root()).isEqualTo(root.at(verified.events()));
  }

  @Test
  void anErasureByOrderLeavesItSoundWithTheSameRootsBefore() {
    var before = verified();
    fixture.erase(0);
    assertThat(verified().sound()).isTrue();
    assertThat(root.at(before.events())).isEqualTo(before.root());
  }

  @Test
  void anEditedRowIsFound() {
    fixture.tamper(
        "update log.section set content = convert_to('{}', 'UTF8')"
            + " where position = 3 and name = 'payload'");
    assertThat(faults()).extracting(Fault::position, Fault::kind).containsExactly(section(3));
  }

  @Test
  void anEditedColumnIsFound() {
    fixture.tamper("update log.event set type = 'ModelArchived' where position = 3");
    assertThat(faults()).extracting(Fault::position).containsOnly(3L);
  }

  @Test
  void aDroppedRowIsFound() {
    fixture.tamper("delete from log.event where position = 5");
    assertThat(faults()).extracting(Fault::kind).contains(Kind.POSITION);
  }

  @Test
  void swappedRowsAreFound() {
    fixture.tamper(
        "alter table log.event drop constraint event_position_check",
        "update log.event set position = -1 where position = 3",
        "update log.event set position = 3 where position = 4",
        "update log.event set position = 4 where position = -1");
    assertThat(faults()).extracting(Fault::position).contains(3L, 4L);
  }

  @Test
  void aForgedLeafIsFound() {
    fixture.tamper("update log.event set leaf = sha256('forged') where position = 3");
    assertThat(faults()).extracting(Fault::kind).containsExactly(Kind.LEAF);
  }

  @Test
  void whatWasCutOffTheEndSinceAnEarlierVerificationIsFound() {
    long size = verified().events();
    cut(size - 1);
    var found = verified();
    assertThat(found.sound()).isFalse();
    assertThat(found.faults())
        .containsExactly(
            new Fault(size - 1, Kind.ROOT, "the log ends here; it had " + size + " events"));
    assertThat(runs.latest()).contains(found);
  }

  @Test
  void whatWasCutOffTheEndSinceItsRootWasToldIsFound() {
    long size = fixture.log().head();
    assertThat(root.at(size)).isNotNull();
    cut(size - 1);
    assertThat(faults()).extracting(Fault::kind).containsExactly(Kind.ROOT);
  }

  @Test
  void whatAForgerWroteDoesNotKeepItsFaultFromBeingKept() {
    var id = UUID.randomUUID();
    runs.ask(id, "lineage/other", Instant.now());
    var fault = new Fault(3, Kind.PREVIOUS, "the tag a\u0000b \ud83d\ude00 \ud800 stands twice");
    runs.end(id, new Verification(4, root.at(4), List.of(fault), 1), Instant.now());
    assertThat(runs.find(id).orElseThrow().faults()).containsExactly(fault);
  }

  @Test
  void oneRunsAndOneWaitsHoweverManyAsk() throws Exception {
    try (var connection = fixture.superuser();
        var lock = connection.createStatement()) {
      connection.setAutoCommit(false);
      lock.execute("lock table log.section in access exclusive mode");
      var running = verifications.verify(Duration.ZERO);
      while (run(running).state() != State.RUNNING) {
        Thread.sleep(10);
      }
      var waiting = verifications.verify(Duration.ZERO);
      assertThat(waiting.state()).isEqualTo(State.WAITING);
      assertThat(verifications.verify(Duration.ZERO)).isEqualTo(waiting);
      connection.rollback();

      assertThat(verified())
          .satisfiesAnyOf(
              shared -> assertThat(shared.id()).isEqualTo(waiting.id()),
              own -> assertThat(own.number()).isGreaterThan(waiting.number()));
      assertThat(run(running).sound()).isTrue();
      assertThat(run(waiting).sound()).isTrue();
    }
  }

  @Test
  void whatTheLogCannotBeReadForSaysNothingOfTheLog() throws Exception {
    try (var connection = fixture.superuser();
        var change = connection.createStatement()) {
      change.execute("alter table log.section rename column salt to pepper");
      var failed = verified();
      assertThat(failed.state()).isEqualTo(State.FAILED);
      assertThat(failed.sound()).isFalse();
      assertThat(failed.failure()).doesNotContain("salt");
      assertThat(runs.latest()).isEmpty();
      change.execute("alter table log.section rename column pepper to salt");
      assertThat(verified().sound()).isTrue();
    }
  }

  @Test
  void ofAProcessThatHasDiedNoneGoesOn() {
    var dead = UUID.randomUUID();
    runs.ask(dead, "lineage/dead", Instant.now());
    runs.start(dead, 7, Instant.now());
    assertThat(runs.find(dead).orElseThrow().state()).isEqualTo(State.FAILED);

    var node = fixture.bean(Node.class).name();
    var left = UUID.randomUUID();
    runs.ask(left, node, Instant.now());
    assertThat(runs.find(left).orElseThrow().state()).isEqualTo(State.WAITING);
    runs.abandon(node, "It was left.", Instant.now());
    assertThat(runs.find(left).orElseThrow().failure()).isEqualTo("It was left.");
  }

  private VerificationRun verified() {
    return verifications.verify(Duration.ofMinutes(1));
  }

  private VerificationRun run(VerificationRun run) {
    return runs.find(run.id()).orElseThrow();
  }

  private List<Fault> faults() {
    var verified = verified();
    assertThat(verified.sound()).isFalse();
    return verified.faults();
  }

  /** Takes the last event away as somebody would who can write every table. */
  private void cut(long last) {
    fixture.tamper(
        "delete from log.section where position = " + last,
        "delete from log.tag where position = " + last,
        "delete from log.event where position = " + last);
  }

  private static org.assertj.core.groups.Tuple section(long position) {
    return org.assertj.core.groups.Tuple.tuple(position, Kind.SECTION);
  }
}
