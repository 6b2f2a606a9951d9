package io.assay.launcher;

import io.assay.launcher.ConfigurationCheck.Finding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be set, and whether what is set can be used. */
@Command(
    name = "config",
    description = "Checks a configuration, or prints all settings.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConfigCommand.Check.class, ConfigCommand.Page.class})
final class ConfigCommand {

  private ConfigCommand() {}

  @Command(
      name = "check",
      description =
          "Says what is wrong with the environment's variables and a file; ends with 1 if anything is.",
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A YAML file of properties.")
    private @Nullable Path file;

    @Option(
        names = "--service",
        split = ",",
        paramLabel = "NAME",
        description = "Which service would read it; all but dev-issuer unless said.")
    private List<String> services = List.of();

    @Override
    public Integer call() {
      var check = new ConfigurationCheck(System.getenv());
      var told = new LinkedHashMap<Finding, Set<String>>();
      for (var service : asked()) {
        for (var finding : check.of(service, file, Serve.defaults(service))) {
          told.computeIfAbsent(finding, absent -> new LinkedHashSet<>()).add(service.spelling());
        }
      }
      told.forEach(
          (finding, of) ->
              System.out.println(
                  (finding.fault() ? "wrong  " : "beware ")
                      + finding.text()
                      + " ("
                      + String.join(", ", of)
                      + ")"));
      long faults = told.keySet().stream().filter(Finding::fault).count();
      System.out.println(
          faults == 0
              ? "The configuration can be used."
              : faults + (faults == 1 ? " thing is" : " things are") + " wrong.");
      return faults == 0 ? 0 : 1;
    }

    private List<Service> asked() {
      return services.isEmpty()
          ? Arrays.stream(Service.values())
              .filter(service -> service != Service.DEV_ISSUER)
              .toList()
          : services.stream().map(Service::of).toList();
    }
  }

  @Command(
      name = "page",
      description = "Prints docs/configuration.md.",
      mixinStandardHelpOptions = true)
  static final class Page implements Callable<Integer> {

    @Override
    public Integer call() {
      System.out.print(Settings.assay().page());
      return 0;
    }
  }
}
