package io.assay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkspaceKeysTest {

  private static final String SECRET = "a master secret of some length for tests";

  /** An HMAC that cannot be copied, as that of a hardware module. */
  public static final class Uncopied extends MacSpi {

    private final Mac mac;

    public Uncopied() throws GeneralSecurityException {
      mac = Mac.getInstance("HmacSHA256", "SunJCE");
    }

    @Override
    protected int engineGetMacLength() {
      return mac.getMacLength();
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec parameters)
        throws InvalidKeyException {
      mac.init(key);
    }

    @Override
    protected void engineUpdate(byte input) {
      mac.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      mac.update(input, offset, length);
    }

    @Override
    protected byte[] engineDoFinal() {
      return mac.doFinal();
    }

    @Override
    protected void engineReset() {
      mac.reset();
    }
  }

  private static final class Module extends Provider {
    Module() {
      super("Uncopied", "1", "An HMAC that cannot be copied");
      put("Mac.HmacSHA256", Uncopied.class.getName());
    }
  }

  @Test
  void aMessageHasOneHmacInAWorkspaceAndAnotherInEachOther() {
    var keys = new WorkspaceKeys(SECRET);
    var hmac = keys.hmac("blue", "name", "model");

    assertThat(keys.hmac("blue", "name", "model")).isEqualTo(hmac);
    assertThat(new WorkspaceKeys(SECRET).hmac("blue", "name", "model")).isEqualTo(hmac);
    assertThat(keys.hmac("red", "name", "model")).isNotEqualTo(hmac);
    assertThat(keys.hmac("blue", "name", "mode", "l")).isNotEqualTo(hmac);
    assertThat(new WorkspaceKeys(SECRET + "!").hmac("blue", "name", "model")).isNotEqualTo(hmac);
  }

  @Test
  void aProviderWhoseHmacCannotBeCopiedServesAsWell() {
    var hmac = new WorkspaceKeys(SECRET).hmac("blue", "name", "model");
    var module = new Module();
    Security.insertProviderAt(module, 1);
    try {
      var keys = new WorkspaceKeys(SECRET);

      assertThat(keys.hmac("blue", "name", "model")).isEqualTo(hmac);
      assertThat(keys.hmac("blue", "name", "model")).isEqualTo(hmac);
    } finally {
      Security.removeProvider(module.getName());
    }
  }
}
