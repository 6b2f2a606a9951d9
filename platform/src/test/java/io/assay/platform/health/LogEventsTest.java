package io.assay.platform.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogEventsTest {

  private static final Logger LOG = LoggerFactory.getLogger(LogEventsTest.class);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LogEvents events = new LogEvents();

  @Test
  void whatIsLoggedIsCountedByItsLevelAndWhatIsNotIsNot() {
    events.bindTo(registry);
    double warnings = count("warn");
    double details = count("trace");

    LOG.warn("This is counted");
    LOG.trace("This is not logged");

    assertThat(count("warn")).isEqualTo(warnings + 1);
    assertThat(count("trace")).isEqualTo(details);
    events.close();
  }

  @Test
  void onceClosedItCountsNothing() {
    events.bindTo(registry);
    events.close();
    double warnings = count("warn");

    LOG.warn("This is not counted");

    assertThat(count("warn")).isEqualTo(warnings);
  }

  private double count(String level) {
    return registry.get("logback.events").tag("level", level).counter().count();
  }
}
