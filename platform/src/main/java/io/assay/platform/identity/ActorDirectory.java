package io.assay.platform.identity;

import io.assay.eventlog.Actor;
import java.util.Optional;

/** Knows people by pseudonym, so that the log need not know them at all. */
public interface ActorDirectory {

  /** The actor behind an issuer's subject; minted when first seen, the same ever after. */
  Actor actor(String issuer, String subject, String displayName, Actor.Kind kind);

  /** The name of an actor, until it is erased. */
  Optional<String> displayName(String actorId);
}
