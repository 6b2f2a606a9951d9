package io.assay.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.Event;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelId;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.Appended;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.testing.InMemoryEventLog;
import io.assay.platform.messaging.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RanksTest {

  private static final String TYPE = "ModelVersionRegistered";

  /** Remembers up to where it was asked to have read. */
  private static final class Log extends InMemoryEventLog {

    private final List<Long> asked = new ArrayList<>();

    @Override
    public Positions recentPositions(
        String workspace, Tag tag, String type, long fromPosition, long atLeast) {
      asked.add(atLeast);
      return super.recentPositions(workspace, tag, type, fromPosition, atLeast);
    }
  }

  private final Log log = new Log();
  private final Ranks ranks = new Ranks(log);
  private final ModelId model = new ModelId(UUID.randomUUID());

  @Test
  void anEventThatWasJustAppendedIsNumberedByWhatStandsBeforeIt() {
    register(model);
    assertThat(ranks.count("default", model.tag(), TYPE)).isEqualTo(1);
    register(new ModelId(UUID.randomUUID()));
    long archived = append(new ModelArchived(model, null));
    long position = register(model);

    assertThat(ranks.rank("default", model.tag(), TYPE, receipt(position, archived))).isEqualTo(2);
    assertThat(log.asked).containsExactly(archived + 1);
  }

  @Test
  void itIsTheSameNumberWhenTheEventHasBeenReadAndWhenLaterOnesHave() {
    long first = register(model);
    long second = register(model);
    register(model);
    assertThat(ranks.rank("default", model.tag(), TYPE, second)).isEqualTo(2);
    assertThat(ranks.rank("default", model.tag(), TYPE, receipt(second, first))).isEqualTo(2);
  }

  @Test
  void whereNothingIsKnownOfItsTagsTheEventItselfIsWaitedFor() {
    register(model);
    long position = register(model);
    var receipt = new Receipt<>("", OptionalLong.of(position));
    assertThat(ranks.rank("default", model.tag(), TYPE, receipt)).isEqualTo(2);
    assertThat(log.asked).containsExactly(position + 1);
  }

  private Receipt<String> receipt(long position, long previous) {
    var appended = new Appended(position, position, List.of(), Map.of(model.tag(), previous));
    return new Receipt<>("", OptionalLong.of(position), Optional.of(appended));
  }

  private long register(ModelId of) {
    return append(
        new ModelVersionRegistered(
            new VersionId(UUID.randomUUID()),
            of,
            null,
            List.of(),
            ContentDigest.ofManifest(List.of()),
            null));
  }

  private long append(Event event) {
    var metadata = EventMetadata.of("default", new Actor("a", Actor.Kind.PERSON), "request");
    return log.append(
            new Append(
                List.of(new NewEvent(UUID.randomUUID(), event, Set.of(), metadata)), List.of()))
        .join()
        .lastPosition();
  }
}
