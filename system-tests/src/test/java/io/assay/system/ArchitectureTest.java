package io.assay.system;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.assay.platform.messaging.Decider;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table "may import" of the design, and what it forbids. */
class ArchitectureTest {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.assay");

  /** Module → the modules that it may import. The values of the log are part of the platform. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("contracts", Set.of()),
          Map.entry("client", Set.of()),
          Map.entry("eventlog", Set.of("contracts")),
          Map.entry("platform", Set.of("contracts", "eventlog")),
          Map.entry("registry", Set.of("contracts", "eventlog", "platform", "client")),
          Map.entry("policy", Set.of("contracts", "eventlog", "platform", "client")),
          Map.entry("lineage", Set.of("contracts", "eventlog", "platform", "client")),
          Map.entry("gateway", Set.of("platform")),
          Map.entry("console", Set.of("client")),
          Map.entry("cli", Set.of("contracts", "eventlog", "client")),
          Map.entry(
              "launcher",
              Set.of(
                  "contracts",
                  "eventlog",
                  "platform",
                  "registry",
                  "policy",
                  "lineage",
                  "gateway",
                  "console",
                  "cli",
                  "client")));

  static Stream<String> modules() {
    return MAY_IMPORT.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleImportsOnlyWhatTheDesignLetsIt(String module) {
    var forbidden = new LinkedHashSet<>(MAY_IMPORT.keySet());
    forbidden.remove(module);
    forbidden.removeAll(MAY_IMPORT.getOrDefault(module, Set.of()));
    if (!forbidden.isEmpty()) {
      noClasses()
          .that()
          .resideInAPackage(in(module))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  forbidden.stream().map(ArchitectureTest::in).toArray(String[]::new)))
          .allowEmptyShould(true)
          .check(ALL);
    }
  }

  @Test
  void everyClassBelongsToAModuleOfTheTable() {
    classes()
        .should()
        .resideInAnyPackage(modules().map(ArchitectureTest::in).toArray(String[]::new))
        .check(ALL);
  }

  @Test
  void axonStaysInTheLogAndThePlatform() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("eventlog"), in("platform"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.axonframework..")
        .check(ALL);
  }

  @Test
  void axonsEventStoreStaysInTheLog() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("eventlog"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.axonframework.eventsourcing..")
        .check(ALL);
  }

  @Test
  void nothingPublishesToTheEventStoreWithoutAContext() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "EventStore.publish",
                call ->
                    call.getTarget().getName().equals("publish")
                        && call.getTargetOwner().getName().endsWith("EventStore")))
        .check(ALL);
  }

  @Test
  void aDeciderAsksNeitherTheClockNorChanceNorTheDatabase() {
    noClasses()
        .that()
        .implement(Decider.class)
        .should()
        .callMethodWhere(
            describe(
                "the clock or chance",
                call ->
                    List.of("now", "randomUUID", "currentTimeMillis", "nanoTime")
                            .contains(call.getTarget().getName())
                        && call.getTargetOwner().getPackageName().startsWith("java.")))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class)
        .orShould()
        .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "io.micronaut.data.."))
        .check(ALL);
  }

  @Test
  void generatedModelsStayAtTheEdge() {
    noClasses()
        .that()
        .implement(Decider.class)
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.assay.*.api.."))
        .check(ALL);
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    classes()
        .that(
            describe(
                "are written by hand",
                type ->
                    !type.getPackageName().matches("io\\.assay\\.[a-z]+\\.api(\\..*)?")
                        && !type.getPackageName()
                            .matches("io\\.assay\\.client\\.(registry|policy|lineage)(\\..*)?")
                        && !type.getPackageName().startsWith("io.assay.console.pages")
                        && !type.getSimpleName().contains("$")))
        .should(
            new ArchCondition<JavaClass>("be in a @NullMarked package") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getPackageName() + " is not @NullMarked"));
                }
              }
            })
        .check(ALL);
  }

  @Test
  void namesAreNouns() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.assay.client.registry..", "io.assay.client.policy..")
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(ALL);
  }

  private static String in(String module) {
    return "io.assay." + module + "..";
  }
}
