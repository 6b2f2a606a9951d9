package io.assay.platform.messaging;

import java.util.OptionalLong;

/**
 * The answer to a command that was not refused.
 *
 * @param position of the last event that it appended; empty when nothing changed
 */
public record Receipt<R>(R answer, OptionalLong position) {}
