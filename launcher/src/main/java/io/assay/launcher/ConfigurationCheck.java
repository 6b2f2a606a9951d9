package io.assay.launcher;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the configuration that a service would start with, and says all that is wrong with it at
 * once. Never shows a secret.
 */
final class ConfigurationCheck {

  /**
   * One thing to tell.
   *
   * @param fault whether it keeps the service from starting
   */
  record Finding(boolean fault, String text) {}

  /** As many bytes as the keys that secrets become have bits of strength. */
  private static final int SECRET_BYTES = 32;

  private static final int CLIENT_SECRET_BYTES = 16;

  /** Fewer different characters are a pattern, or a word. */
  private static final int DIFFERENT_CHARACTERS = 8;

  /** Where Micronaut ranks such a file: above what services bring along, below variables. */
  private static final int FILE = YamlPropertySourceLoader.DEFAULT_POSITION + 50;

  private static final Set<String> DECIDING = Set.of("registry", "policy");

  /** What the command line reads, and the tools that come with it. */
  private static final Set<String> COMMAND_LINE =
      Set.of(
          "ASSAY_DATA",
          "ASSAY_PORT",
          "ASSAY_CACHE",
          "ASSAY_JAVA_OPTS",
          "ASSAY_TOKEN",
          "ASSAY_URL",
          "ASSAY_SERVICE");

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Settings settings = Settings.assay();
  private final Map<String, String> variables;

  /**
   * @param variables of the environment
   */
  ConfigurationCheck(Map<String, String> variables) {
    this.variables = new TreeMap<>(variables);
  }

  /**
   * What is wrong for a service.
   *
   * @param defaults what it is started with beside file and environment
   */
  List<Finding> of(Service service, @Nullable Path file, PropertySource defaults) {
    var findings = new ArrayList<Finding>();
    variables.keySet().stream()
        .filter(name -> name.startsWith("ASSAY_") && !COMMAND_LINE.contains(name))
        .filter(name -> settings.all().stream().noneMatch(known -> known.isSetBy(name)))
        .map(name -> unknown(name, settings.all().stream().map(Setting::variable)))
        .forEach(findings::add);
    var sources = new ArrayList<PropertySource>(List.of(defaults));
    if (file != null) {
      try {
        sources.add(read(file, findings));
      } catch (IOException | RuntimeException e) {
        findings.add(new Finding(true, file + " cannot be read: " + StartFailure.line(e)));
        return findings;
      }
    }
    sources.add(
        PropertySource.of(
            "variables",
            Map.copyOf(variables),
            PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE));
    try (var context =
        ApplicationContext.builder()
            .propertySources(sources.toArray(PropertySource[]::new))
            .properties(Map.of("assay.service", service.spelling()))
            .environments(service.spelling())
            .deduceEnvironment(false)
            .bootstrapEnvironment(false)
            .banner(false)
            .build()) {
      var environment = context.getEnvironment();
      environment.start();
      settings.all().stream()
          .filter(setting -> setting.services().contains(service.spelling()))
          .forEach(setting -> value(setting, environment, findings));
      secrets(service, environment, findings);
      if (isProduction(environment)) {
        production(service, environment, findings);
      }
    }
    return findings.stream().distinct().toList();
  }

  private PropertySource read(Path file, List<Finding> findings) throws IOException {
    Map<String, Object> properties;
    try (var content = Files.newInputStream(file)) {
      properties = new YamlPropertySourceLoader().read(file.toString(), content);
    }
    properties.keySet().stream()
        .filter(name -> name.startsWith("assay."))
        .filter(name -> settings.all().stream().noneMatch(known -> known.isNamed(name)))
        .map(name -> unknown(name, settings.all().stream().map(Setting::name)))
        .forEach(findings::add);
    return PropertySource.of(file.toString(), properties, FILE);
  }

  private static Finding unknown(String name, Stream<String> known) {
    var distance = LevenshteinDistance.getDefaultInstance();
    var nearest =
        known.min(
            (one, other) ->
                Integer.compare(distance.apply(name, one), distance.apply(name, other)));
    return new Finding(
        true, name + " is no setting" + nearest.map(n -> "; the nearest is " + n).orElse("") + ".");
  }

  private static void value(Setting setting, Environment environment, List<Finding> findings) {
    if (setting.name().contains("*")) {
      return; // looked at when the service starts
    }
    var text = environment.getProperty(setting.name(), String.class).orElse("");
    if (text.isEmpty() || setting.type() == Setting.Type.SECRET) {
      return;
    }
    if (!setting.choices().isEmpty() && !setting.choices().contains(text)) {
      findings.add(
          new Finding(
              true,
              setting.name()
                  + " is one of "
                  + String.join(", ", setting.choices())
                  + ", not "
                  + text
                  + "."));
      return;
    }
    var wrong =
        switch (setting.type()) {
          case NUMBER ->
              environment
                  .getProperty(setting.name(), Long.class)
                  .filter(number -> setting.least() == null || number >= setting.least())
                  .isEmpty();
          case DURATION ->
              environment
                  .getProperty(setting.name(), Duration.class)
                  .filter(duration -> !duration.isNegative())
                  .isEmpty();
          case URL ->
              environment
                  .getProperty(setting.name(), URI.class)
                  .filter(url -> url.getHost() != null)
                  .isEmpty();
          default -> false;
        };
    if (wrong) {
      findings.add(
          new Finding(
              true,
              setting.name()
                  + " is a "
                  + setting.type().spelling()
                  + (setting.least() == null ? "" : " of at least " + setting.least())
                  + ", not "
                  + text
                  + "."));
    }
  }

  /** Secrets that the service has: there, from one place, and kept from others. */
  private void secrets(Service service, Environment environment, List<Finding> findings) {
    boolean production = isProduction(environment);
    for (var setting : settings.all()) {
      if (!setting.services().contains(service.spelling())) {
        continue;
      }
      var value = environment.getProperty(setting.name(), String.class).orElse("");
      if (value.isEmpty()) {
        continue;
      }
      if (setting.type() == Setting.Type.SECRET_FILE) {
        var direct = setting.name().replaceAll("-file$", "");
        if (environment.getProperty(direct, String.class).filter(s -> !s.isEmpty()).isPresent()) {
          findings.add(
              new Finding(true, "Set " + direct + " or " + setting.name() + ", not both."));
        }
        file(setting.name(), Path.of(value), production, findings);
      }
    }
    if (!service.roles().isEmpty()) {
      environment
          .getProperty("assay.database.passwords", Path.class)
          .ifPresent(
              folder ->
                  service.roles().values().stream()
                      .map(folder::resolve)
                      .filter(Files::exists)
                      .forEach(
                          file -> file("assay.database.passwords", file, production, findings)));
    }
  }

  private static void file(String name, Path file, boolean production, List<Finding> findings) {
    if (!Files.isReadable(file)) {
      findings.add(new Finding(true, name + ": " + file + " cannot be read."));
      return;
    }
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        findings.add(
            new Finding(
                production,
                name + ": others can read or write " + file + ". Take their rights: chmod 600."));
      }
    } catch (IOException | UnsupportedOperationException e) {
      findings.add(new Finding(false, name + ": who can read " + file + " cannot be told."));
    }
  }

  private void production(Service service, Environment environment, List<Finding> findings) {
    if (service == Service.DEV_ISSUER) {
      findings.add(refusal("The development issuer admits whoever asks: run an OpenID issuer."));
      return;
    }
    var issuer = environment.getProperty("assay.identity.issuer", String.class).orElse("");
    if (issuer.startsWith("urn:assay:development")) {
      findings.add(refusal("assay.identity.issuer is that of the development users."));
    }
    for (var setting : settings.all()) {
      boolean ofTheIssuer =
          setting.name().startsWith("assay.identity.") && setting.type() == Setting.Type.URL;
      if (ofTheIssuer && setting.services().contains(service.spelling())) {
        environment
            .getProperty(setting.name(), URI.class)
            .filter(ConfigurationCheck::isPlainAndFar)
            .ifPresent(
                url -> findings.add(refusal(setting.name() + " goes over plain HTTP: use https.")));
      }
    }
    if (isPlainAndFar(issuer)) {
      findings.add(refusal("assay.identity.issuer is reached over plain HTTP: use https."));
    }
    if (DECIDING.contains(service.spelling())
        && environment.getProperty("assay.identity.introspection.url", String.class).isEmpty()) {
      findings.add(
          refusal(
              "assay.identity.introspection.url is not set: a token that was taken back would decide."));
    }
    if (service == Service.GATEWAY
        && environment.getProperty("assay.tls.certificate-file", String.class).isEmpty()
        && environment.getProperty("assay.proxy.trusted", String.class).orElse("").isEmpty()) {
      findings.add(
          refusal(
              "The gateway would answer plain HTTP: set assay.tls.certificate-file and"
                  + " assay.tls.key-file, or declare the proxy before it in assay.proxy.trusted."));
    }
    if (!service.roles().isEmpty()) {
      strength("assay.secret", SECRET_BYTES, environment, findings);
    }
    if (DECIDING.contains(service.spelling())) {
      strength(
          "assay.identity.introspection.client-secret", CLIENT_SECRET_BYTES, environment, findings);
      strength("assay.identity.service.client-secret", CLIENT_SECRET_BYTES, environment, findings);
    }
  }

  private static void strength(
      String name, int leastBytes, Environment environment, List<Finding> findings) {
    secret(name, environment)
        .ifPresent(
            secret -> {
              if (secret.getBytes(StandardCharsets.UTF_8).length < leastBytes) {
                findings.add(refusal(name + " has fewer than " + leastBytes + " bytes."));
              } else if (secret.chars().distinct().count() < DIFFERENT_CHARACTERS) {
                findings.add(refusal(name + " is easily guessed: make it at random."));
              }
            });
  }

  private static Optional<String> secret(String name, Environment environment) {
    return environment
        .getProperty(name, String.class)
        .filter(value -> !value.isEmpty())
        .or(
            () ->
                environment
                    .getProperty(name + "-file", Path.class)
                    .filter(Files::isReadable)
                    .flatMap(ConfigurationCheck::content));
  }

  private static Optional<String> content(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty(); // said where its file is looked at
    }
  }

  private static Finding refusal(String text) {
    return new Finding(true, "production: " + text);
  }

  private static boolean isProduction(Environment environment) {
    return environment.getProperty("assay.profile", String.class).orElse("").equals("production");
  }

  private static boolean isPlainAndFar(String url) {
    try {
      return isPlainAndFar(URI.create(url));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPlainAndFar(URI url) {
    try {
      return "http".equals(url.getScheme())
          && url.getHost() != null
          && !InetAddress.getByName(url.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }
}
