package io.assay.policy.conditions;

/** A condition asked for what was not measured, or not well enough. */
final class EvidenceLackingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean insufficient;

  private EvidenceLackingException(String what, boolean insufficient) {
    super(what, null, false, false);
    this.insufficient = insufficient;
  }

  static EvidenceLackingException missing(String what) {
    return new EvidenceLackingException(what, false);
  }

  static EvidenceLackingException insufficient(String what) {
    return new EvidenceLackingException(what, true);
  }

  boolean insufficient() {
    return insufficient;
  }
}
