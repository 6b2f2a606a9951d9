package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.launcher.ConfigurationCheck.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationCheckTest {

  private static final String SECRET = "q8Zr1vT5nX0cJ7mL3wK9sD2fG6hB4yPa";

  @TempDir private Path folder;

  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void aConfigurationThatProductionTakes() throws IOException {
    variables.put("ASSAY_PROFILE", "production");
    variables.put("ASSAY_IDENTITY_ISSUER", "https://issuer.example/realms/assay");
    variables.put("ASSAY_IDENTITY_JWKS_URL", "https://issuer.example/realms/assay/certs");
    variables.put("ASSAY_IDENTITY_INTROSPECTION_URL", "https://issuer.example/introspect");
    variables.put("ASSAY_IDENTITY_INTROSPECTION_CLIENT_SECRET_FILE", file("client", SECRET));
    variables.put("ASSAY_SECRET_FILE", file("secret", SECRET));
    variables.put("ASSAY_PROXY_TRUSTED", "10.0.0.0/8");
  }

  @Test
  void whatIsInOrderIsInOrderForEveryService() {
    for (var service : Service.values()) {
      if (service != Service.DEV_ISSUER) {
        assertThat(check(service)).as(service.spelling()).isEmpty();
      }
    }
  }

  @Test
  void nothingAtAllIsEnoughForDevelopment() {
    variables.clear();
    for (var service : Service.values()) {
      assertThat(check(service)).as(service.spelling()).isEmpty();
    }
  }

  @Test
  void aVariableThatIsNoneNamesTheNearest() {
    variables.put("ASSAY_GATEWAY_JSON_LIMT", "1");
    assertThat(check(Service.GATEWAY))
        .containsExactly(
            "ASSAY_GATEWAY_JSON_LIMT is no setting; the nearest is ASSAY_GATEWAY_JSON_LIMIT.");
  }

  @Test
  void aKeyOfTheFileThatIsNoneNamesTheNearest() throws IOException {
    var file = folder.resolve("assay.yml");
    Files.writeString(
        file,
        """
        assay:
          identity:
            isuer: https://issuer.example
            workloads:
              github:
                issuer: https://token.actions.githubusercontent.com
                audience: assay
                rules:
                  - claims: {repository: acme/models}
                    roles: [pipeline]
          gateway:
            limits:
              reads:
                actor-rate: 100
        """);
    assertThat(texts(new ConfigurationCheck(variables).of(Service.GATEWAY, file, none())))
        .containsExactly(
            "assay.identity.isuer is no setting; the nearest is assay.identity.issuer.");
  }

  @Test
  void aFileThatIsNoYamlIsSaidToBeNone() throws IOException {
    var file = folder.resolve("assay.yml");
    Files.writeString(file, "assay: [unclosed");
    assertThat(texts(new ConfigurationCheck(variables).of(Service.GATEWAY, file, none())))
        .singleElement()
        .asString()
        .contains("cannot be read");
  }

  @Test
  void valuesOfTheWrongKindAreSaidTogether() {
    variables.put("ASSAY_GATEWAY_TIMEOUT", "soon");
    variables.put("ASSAY_GATEWAY_JSON_LIMIT", "0");
    variables.put("ASSAY_PROXY_HEADER", "x-real-ip");
    variables.put("ASSAY_IDENTITY_JWKS_URL", "issuer");
    assertThat(check(Service.GATEWAY))
        .containsExactlyInAnyOrder(
            "assay.gateway.timeout is a duration, not soon.",
            "assay.gateway.json-limit is a number of at least 1, not 0.",
            "assay.proxy.header is one of x-forwarded, forwarded, not x-real-ip.",
            "assay.identity.jwks-url is a url, not issuer.");
  }

  @Test
  void theDevelopmentIssuerIsNotForProduction() {
    assertThat(check(Service.DEV_ISSUER)).anyMatch(text -> text.contains("admits whoever asks"));
    variables.remove("ASSAY_IDENTITY_ISSUER");
    assertThat(check(Service.LINEAGE)).anyMatch(text -> text.contains("development users"));
  }

  @Test
  void productionTalksToItsIssuerByTls() {
    variables.put("ASSAY_IDENTITY_ISSUER", "http://192.0.2.1/realms/assay");
    variables.put("ASSAY_IDENTITY_JWKS_URL", "http://192.0.2.1/certs");
    assertThat(check(Service.LINEAGE))
        .anyMatch(text -> text.contains("assay.identity.issuer is reached over plain HTTP"))
        .anyMatch(text -> text.contains("assay.identity.jwks-url goes over plain HTTP"));
  }

  @Test
  void productionAsksTheIssuerWhereItDecides() {
    variables.remove("ASSAY_IDENTITY_INTROSPECTION_URL");
    assertThat(check(Service.POLICY)).anyMatch(text -> text.contains("introspection.url"));
    assertThat(check(Service.LINEAGE)).isEmpty();
  }

  @Test
  void theGatewayNeedsTlsOrAProxyThatIsDeclared() {
    variables.remove("ASSAY_PROXY_TRUSTED");
    assertThat(check(Service.GATEWAY)).anyMatch(text -> text.contains("plain HTTP"));
    variables.put("ASSAY_TLS_CERTIFICATE_FILE", "gateway.pem");
    assertThat(check(Service.GATEWAY)).isEmpty();
  }

  @Test
  void secretsAreLongAndAtRandom() throws IOException {
    variables.put("ASSAY_SECRET_FILE", file("short", "changeit"));
    variables.put("ASSAY_IDENTITY_INTROSPECTION_CLIENT_SECRET_FILE", file("same", "a".repeat(40)));
    assertThat(check(Service.REGISTRY))
        .containsExactlyInAnyOrder(
            "production: assay.secret has fewer than 32 bytes.",
            "production: assay.identity.introspection.client-secret is easily guessed: make it at"
                + " random.");
  }

  @Test
  void aSecretStandsInOnePlace() {
    variables.put("ASSAY_SECRET", SECRET);
    assertThat(check(Service.REGISTRY))
        .containsExactly("Set assay.secret or assay.secret-file, not both.");
  }

  @Test
  void filesThatOthersCanReadAreRefusedInProductionAndToldOtherwise() throws IOException {
    var secret = Path.of(file("secret", SECRET));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    var check = new ConfigurationCheck(variables);
    assertThat(check.of(Service.REGISTRY, null, none()))
        .singleElement()
        .matches(Finding::fault)
        .matches(finding -> finding.text().contains("chmod 600"));

    variables.put("ASSAY_PROFILE", "development");
    assertThat(new ConfigurationCheck(variables).of(Service.REGISTRY, null, none()))
        .singleElement()
        .matches(finding -> !finding.fault());
  }

  @Test
  void aSecretFileThatIsNotThereIsNamed() {
    variables.put("ASSAY_SECRET_FILE", folder.resolve("missing").toString());
    assertThat(check(Service.REGISTRY)).anyMatch(text -> text.contains("missing cannot be read"));
  }

  @Test
  void noFindingShowsASecret() throws IOException {
    variables.put("ASSAY_SECRET", "hunter2hunter2");
    variables.put("ASSAY_IDENTITY_INTROSPECTION_CLIENT_SECRET", "hunter2");
    assertThat(check(Service.REGISTRY)).isNotEmpty().noneMatch(text -> text.contains("hunter2"));
  }

  private List<String> check(Service service) {
    return texts(new ConfigurationCheck(variables).of(service, null, none()));
  }

  private static List<String> texts(List<Finding> findings) {
    return findings.stream().map(Finding::text).toList();
  }

  private static io.micronaut.context.env.PropertySource none() {
    return io.micronaut.context.env.PropertySource.of("none", Map.of());
  }

  private String file(String name, String content) throws IOException {
    var file = folder.resolve(name);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }
}
