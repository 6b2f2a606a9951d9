/**
 * Commands on Axon's command bus: each slice is a command record and its {@link
 * io.assay.platform.messaging.Decider}; one handler sources, decides and appends for all of them.
 */
@NullMarked
package io.assay.platform.messaging;

import org.jspecify.annotations.NullMarked;
