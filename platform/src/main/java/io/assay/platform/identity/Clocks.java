package io.assay.platform.identity;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The one source of time; tests put their own in its place. */
@Factory
class Clocks {

  @Singleton
  @Secondary
  Clock clock() {
    return Clock.systemUTC();
  }
}
