package io.assay.registry.requestpromotion;

import io.micronaut.core.propagation.PropagatedContextElement;
import org.jspecify.annotations.Nullable;

/** On whose behalf policy is asked, from the thread that asks to the filter of its client. */
record AskingPolicy(
    String authorization, String workspace, String requestId, @Nullable String traceparent)
    implements PropagatedContextElement {}
