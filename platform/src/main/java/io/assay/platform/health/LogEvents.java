package io.assay.platform.health;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the process logs, by level, under the name and tag of Micrometer's own counter:
 * {@code logback.events}, {@code level}. That one is a filter, which each service of the process
 * adds, and which is asked about every statement that is not logged, too: some fifty in a request.
 */
@Singleton
final class LogEvents implements MeterBinder {

  private static final List<Level> LEVELS =
      List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

  private final List<Appender<ILoggingEvent>> counting = new CopyOnWriteArrayList<>();

  @Override
  public void bindTo(MeterRegistry registry) {
    var counters = new HashMap<Level, Counter>();
    for (var level : LEVELS) {
      counters.put(
          level,
          Counter.builder("logback.events")
              .tag("level", level.toString().toLowerCase(Locale.ROOT))
              .description("What was logged")
              .baseUnit("events")
              .register(registry));
    }
    var appender = new Counting(counters);
    appender.setContext(root().getLoggerContext());
    appender.start();
    root().addAppender(appender);
    counting.add(appender);
  }

  @PreDestroy
  void close() {
    counting.forEach(root()::detachAppender);
  }

  private static ch.qos.logback.classic.Logger root() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private static final class Counting extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private final Map<Level, Counter> counters;

    Counting(Map<Level, Counter> counters) {
      this.counters = counters;
    }

    @Override
    protected void append(ILoggingEvent event) {
      var counter = counters.get(event.getLevel());
      if (counter != null) {
        counter.increment();
      }
    }
  }
}
