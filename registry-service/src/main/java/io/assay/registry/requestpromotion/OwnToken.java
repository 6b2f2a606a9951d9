package io.assay.registry.requestpromotion;

/** The access token of this service itself, for reactions that no caller stands behind. */
@FunctionalInterface
public interface OwnToken {

  String token();
}
