package io.assay.policy.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DocumentReaderTest {

  private static final String MINIMAL = Policies.of("true");

  @Test
  void whatIsNotSaidIsBlockingNeedsNobodyAndHoldsForADay() {
    var document = DocumentReader.read(MINIMAL);

    assertThat(document.approvals().total()).isZero();
    assertThat(document.validFor()).hasHours(24);
    assertThat(document.conditions().getFirst().severity().name()).isEqualTo("BLOCKING");
  }

  @Test
  void anUnknownKeyIsRefusedWithItsPlace() {
    refuses(MINIMAL + "threshold: 3\n", "line 7, column 1: Unknown key 'threshold'");
  }

  @Test
  void aRepeatedKeyIsRefused() {
    refuses(MINIMAL + "name: q\n", "name");
  }

  @Test
  void anAnchorIsRefusedBeforeAnythingIsExpanded() {
    refuses("a: &a [1]\nb: *a\n", "Anchors and aliases");
  }

  @Test
  void moreThanTheLimitIsRefused() {
    refuses(MINIMAL + "# " + "x".repeat(DocumentReader.MAX_BYTES), "at most 65536 bytes");
  }

  @Test
  void aTagThatNamesAClassIsRefused() {
    refuses("!!javax.script.ScriptEngineManager [x]\n", "Global tag is not allowed");
  }

  @Test
  void namesOfTheServicesOwnConditionsAreReserved() {
    refuses(MINIMAL.replace("name: c", "name: approvals"), "The service itself answers");
  }

  @Test
  void aRoleThatNeverApprovesCannotBeAskedFor() {
    refuses(MINIMAL + "approvals: {total: 1, byRole: {pipeline: 1}}\n", "Unknown key 'pipeline'");
  }

  @Test
  void anEmptyDocumentIsRefused() {
    refuses("", "The document is empty");
    refuses("- 1\n", "An object is expected");
    refuses("a: [", "line");
  }

  private static void refuses(String yaml, String detail) {
    assertThatThrownBy(() -> DocumentReader.read(yaml))
        .isInstanceOf(FaultyDocumentException.class)
        .hasMessageContaining(detail);
  }
}
