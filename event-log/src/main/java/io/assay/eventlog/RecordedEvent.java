package io.assay.eventlog;

import io.assay.contracts.Event;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * An event as the log holds it.
 *
 * @param position its place in the one order, from 0 without gap; also its Merkle leaf index
 * @param type the stored type
 * @param version the stored version; {@code event} may be newer, by upcasting
 * @param recordedAt the log's own time, never decreasing
 * @param writer the service that appended it
 * @param leaf the Merkle leaf hash of its envelope
 */
public record RecordedEvent(
    long position,
    UUID id,
    String type,
    int version,
    Event event,
    EventMetadata metadata,
    Instant recordedAt,
    String writer,
    Set<Tag> tags,
    Sha256 leaf) {}
