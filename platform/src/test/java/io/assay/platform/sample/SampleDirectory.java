package io.assay.platform.sample;

import io.assay.eventlog.Actor;
import io.assay.platform.identity.ActorDirectory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

@Singleton
@Requires(missingBeans = DataSource.class)
class SampleDirectory implements ActorDirectory {

  @Override
  public Actor actor(String issuer, String subject, String displayName, Actor.Kind kind) {
    var id = UUID.nameUUIDFromBytes((issuer + '\n' + subject).getBytes(StandardCharsets.UTF_8));
    return new Actor(id.toString(), kind);
  }

  @Override
  public Optional<String> displayName(String actorId) {
    return Optional.empty();
  }
}
