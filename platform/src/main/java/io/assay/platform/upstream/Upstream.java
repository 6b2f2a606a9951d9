package io.assay.platform.upstream;

import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** One instance of a service. Identity matters: two may be configured with the same address. */
public final class Upstream {

  private final String service;
  private final String address;
  private final AtomicLong returns = new AtomicLong();
  private volatile boolean saidReady = true;
  private volatile boolean ready = true;

  Upstream(String service, String address) {
    this.service = service;
    this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  public String service() {
    return service;
  }

  /** The address of a request's target at this instance; the target is taken as it is. */
  public URI at(String target) {
    return URI.create(address + target);
  }

  /** Whether it said so the last time it was asked; until then it counts as ready. */
  public boolean ready() {
    return ready;
  }

  /** It refused a connection or broke one off: the others are asked until it says it is ready. */
  public void failed() {
    ready = false;
  }

  /** How often it said that it is ready after it had said that it is not, or nothing. */
  public long returns() {
    return returns.get();
  }

  void probed(boolean isReady) {
    if (isReady && !saidReady) {
      returns.incrementAndGet();
    }
    saidReady = isReady;
    ready = isReady;
  }

  @Override
  public String toString() {
    return service + " at " + address;
  }
}
