package io.assay.lineage.verifylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eventlog.LogVerifier.Fault;
import io.assay.eventlog.LogVerifier.Kind;
import io.assay.lineage.testing.LineageFixture;
import io.assay.lineage.testing.Road;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogVerificationIT {

  private final LineageFixture fixture = new LineageFixture();
  private final LogVerifications verifications = fixture.bean(LogVerifications.class);

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
    var verified = verifications.verify().verification();
    assertThat(verified.faults()).isEmpty();
    assertThat(verified.size()).isEqualTo(fixture.log().head());
    assertThat(verified.root()).isEqualTo(fixture.bean(LogRoot.class).at(verified.size()));
  }

  @Test
  void anErasureByOrderLeavesItSoundWithTheSameRootsBefore() {
    var before = verifications.verify().verification();
    fixture.erase(0);
    var after = verifications.verify().verification();
    assertThat(after.faults()).isEmpty();
    assertThat(fixture.bean(LogRoot.class).at(before.size())).isEqualTo(before.root());
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

  private List<Fault> faults() {
    var verification = verifications.verify().verification();
    assertThat(verification.sound()).isFalse();
    return verification.faults();
  }

  private static org.assertj.core.groups.Tuple section(long position) {
    return org.assertj.core.groups.Tuple.tuple(position, Kind.SECTION);
  }
}
