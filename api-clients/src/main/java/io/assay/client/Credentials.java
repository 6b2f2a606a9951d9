package io.assay.client;

import org.jspecify.annotations.Nullable;

/** Says who calls: asked once for every request, so that a token may be renewed behind it. */
@FunctionalInterface
public interface Credentials {

  /** The bearer token; null sends none. */
  @Nullable String token();
}
