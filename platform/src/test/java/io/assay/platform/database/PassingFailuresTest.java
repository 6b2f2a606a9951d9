package io.assay.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassingFailuresTest {

  @ParameterizedTest
  @ValueSource(strings = {"08006", "08001", "40001", "40P01", "53300", "57P01", "57P03"})
  void whatIsLostBusyOrInTheWayMayPass(String state) {
    assertThat(PassingFailures.isPassing(new IllegalStateException(of(state)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42501", "22P02", "LG001"})
  void whatIsWrongInItselfStaysWrong(String state) {
    assertThat(PassingFailures.isPassing(new IllegalStateException(of(state)))).isFalse();
  }

  @Test
  void aPoolWithoutAConnectionMayHaveOneLater() {
    assertThat(PassingFailures.isPassing(new SQLTransientConnectionException("timed out")))
        .isTrue();
  }

  @Test
  void whatIsNoFailureOfTheDatabaseIsNoneThatPasses() {
    assertThat(PassingFailures.isPassing(new IllegalStateException("our fault"))).isFalse();
    assertThat(PassingFailures.isPassing(new SQLException("without a state"))).isFalse();
  }

  private static SQLException of(String state) {
    return new SQLException("told by the server", state);
  }
}
