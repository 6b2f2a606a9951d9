package io.assay.contracts;

import java.util.UUID;

/** The id of an approval request. */
public record ApprovalRequestId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "approval-request";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static ApprovalRequestId parse(String spelled) {
    return new ApprovalRequestId(Uuids.parse(spelled));
  }
}
