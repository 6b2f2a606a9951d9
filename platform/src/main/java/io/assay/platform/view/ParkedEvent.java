package io.assay.platform.view;

import java.time.Instant;

/**
 * An event that a view could not take in.
 *
 * @param sequence the events of the same sequence wait behind it
 * @param cause what went wrong, or that an earlier one of its sequence is parked
 */
public record ParkedEvent(
    String view, long position, String sequence, String cause, Instant parkedAt) {}
