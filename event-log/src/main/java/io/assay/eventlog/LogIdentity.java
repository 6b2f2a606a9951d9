package io.assay.eventlog;

import java.util.UUID;

/**
 * Which log this is.
 *
 * @param log random, minted when the log was created
 * @param epoch counts up from 1 with each declared loss of a tail
 */
public record LogIdentity(UUID log, int epoch) {}
