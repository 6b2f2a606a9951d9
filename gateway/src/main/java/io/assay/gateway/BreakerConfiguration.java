package io.assay.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * When an instance of a service is left alone for a while.
 *
 * @param calls of the last ones that are looked at
 * @param leastCalls before anything is concluded from them
 * @param failures percentage of them that got no answer, from which on the instance is left alone
 * @param slow percentage of them that were slow, from which on it is
 * @param slowCall how long an answer to JSON takes that is slow
 * @param pause for which it is left alone
 * @param trials requests that find out after the pause whether it answers again
 */
@ConfigurationProperties("assay.gateway.breaker")
record BreakerConfiguration(
    @Bindable(defaultValue = "20") int calls,
    @Bindable(defaultValue = "10") int leastCalls,
    @Bindable(defaultValue = "50") int failures,
    @Bindable(defaultValue = "90") int slow,
    @Bindable(defaultValue = "10s") Duration slowCall,
    @Bindable(defaultValue = "5s") Duration pause,
    @Bindable(defaultValue = "3") int trials) {}
