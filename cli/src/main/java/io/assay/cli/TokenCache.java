package io.assay.cli;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Tokens by user, asked for again well before they expire. */
public final class TokenCache implements Function<String, String> {

  private static final long USED_NANOS = Duration.ofMinutes(4).toNanos();

  private record Held(String token, long since) {}

  private final Function<String, String> issuer;
  private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

  /**
   * Asks where it has none.
   *
   * @param issuer a new token of a user
   */
  public TokenCache(Function<String, String> issuer) {
    this.issuer = issuer;
  }

  @Override
  public String apply(String user) {
    return held.compute(
            user,
            (name, old) ->
                old != null && System.nanoTime() - old.since() < USED_NANOS
                    ? old
                    : new Held(issuer.apply(name), System.nanoTime()))
        .token();
  }
}
