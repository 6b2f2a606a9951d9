package io.assay.platform.identity.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApiKeyId;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ApiKeyId ID = ApiKeyId.parse("0190a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b");

  /** The spelling, for ever: of the smallest id and of the greatest, with a secret of zeros. */
  @Test
  void keysThatWereIssuedStayReadable() {
    var zero =
        ApiKey.parse("assay_default_0000000000000000000000_" + "0".repeat(43) + "3POYtd")
            .orElseThrow();
    assertThat(zero.id().value()).isEqualTo(new UUID(0, 0));
    var last =
        ApiKey.parse("assay_team-a_7n42DGM5Tflk9n8mt7Fhc7_" + "0".repeat(43) + "0Obuj4")
            .orElseThrow();
    assertThat(last.id().value()).isEqualTo(new UUID(-1, -1));
    assertThat(last.workspace()).isEqualTo("team-a");
    assertThat(last.digest().hex())
        .isEqualTo("b918b22a1581fedd39058065f00e6aad35bd561f20257151131a1ddcd21803de");
  }

  @Test
  void aKeyIsReadAsItWasMinted() {
    for (int i = 0; i < 1_000; i++) {
      var minted = ApiKey.mint("team-a", new ApiKeyId(UUID.randomUUID()), RANDOM);
      var read = ApiKey.parse(minted.spelled()).orElseThrow();
      assertThat(read.id()).isEqualTo(minted.id());
      assertThat(read.workspace()).isEqualTo("team-a");
      assertThat(read.digest()).isEqualTo(minted.digest());
      assertThat(read.spelled()).isEqualTo(minted.spelled());
      assertThat(read.matches(minted.digest())).isTrue();
    }
  }

  @Test
  void noTwoSecretsAreAlikeAndNoneOpensTheOther() {
    var digests = new HashSet<String>();
    for (int i = 0; i < 1_000; i++) {
      digests.add(ApiKey.mint("default", ID, RANDOM).digest().hex());
    }
    assertThat(digests).hasSize(1_000);
    assertThat(
            ApiKey.mint("default", ID, RANDOM).matches(ApiKey.mint("default", ID, RANDOM).digest()))
        .isFalse();
  }

  @Test
  void everyWrongCharacterIsNoticed() {
    var key = ApiKey.mint("default", ID, RANDOM).spelled();
    for (int at = 0; at < key.length(); at++) {
      for (char other : new char[] {'a', 'Z', '0', '_', '-', ' ', '\u00e9'}) {
        if (other != key.charAt(at)) {
          var wrong = key.substring(0, at) + other + key.substring(at + 1);
          assertThat(ApiKey.parse(wrong)).as(wrong).isEmpty();
        }
      }
      assertThat(ApiKey.parse(key.substring(0, at))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "assay_",
        "assay_default",
        "assay__",
        "ASSAY_default_x",
        "assay_default_0_0",
        "Bearer assay_default_x"
      })
  void whatIsNoKeyIsNone(String text) {
    assertThat(ApiKey.parse(text)).isEmpty();
  }

  @Test
  void whoeverPrintsAKeyPrintsNoSecret() {
    var key = ApiKey.mint("default", ID, RANDOM);
    assertThat(key.toString()).isEqualTo("api-key:" + ID.value());
  }
}
