package io.assay.platform.http;

import io.assay.contracts.Tag;
import jakarta.inject.Singleton;
import java.text.Normalizer;

/** The tag that makes a name unique for ever in its workspace, without telling the name. */
@Singleton
public class NameTag {

  private final WorkspaceKeys keys;

  public NameTag(WorkspaceKeys keys) {
    this.keys = keys;
  }

  /**
   * {@code name:<hex>}. The name is brought to NFC; its case counts.
   *
   * @param kind what bears the name, such as {@code model}
   */
  public Tag of(String workspace, String kind, String name) {
    return new Tag(
        "name",
        keys.hmac(workspace, "name", kind, Normalizer.normalize(name, Normalizer.Form.NFC)));
  }
}
