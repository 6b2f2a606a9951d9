package io.assay.policy.conditions;

import java.util.List;

/** A document that is not a policy; carries every fault found. */
public final class FaultyDocumentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<DocumentFault> faults;

  FaultyDocumentException(List<DocumentFault> faults) {
    super(String.valueOf(faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  FaultyDocumentException(DocumentFault fault) {
    this(List.of(fault));
  }

  public List<DocumentFault> faults() {
    return faults;
  }
}
