package io.assay.launcher;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What has to be done to a PostgreSQL server before services can use it. */
@Command(
    name = "database",
    description = "Prepares and migrates a PostgreSQL server of your own.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DatabaseCommand.Script.class,
      DatabaseCommand.Prepare.class,
      DatabaseCommand.Migrate.class
    })
final class DatabaseCommand {

  private DatabaseCommand() {}

  /** Which database, and where the passwords of its roles are. */
  static final class Target {

    @Option(
        names = "--url",
        required = true,
        paramLabel = "URL",
        description = "jdbc:postgresql://HOST:PORT/assay (default: ASSAY_DATABASE_URL).",
        defaultValue = "${env:ASSAY_DATABASE_URL}")
    private String url = "";

    @Option(
        names = "--passwords",
        required = true,
        paramLabel = "DIR",
        description =
            "A folder with a file for each role, named as the role"
                + " (default: ASSAY_DATABASE_PASSWORDS).",
        defaultValue = "${env:ASSAY_DATABASE_PASSWORDS}")
    private Path passwords = Path.of("");

    Database database() {
      return new Database(new DatabaseServer(url), new Secrets(passwords.toAbsolutePath()));
    }
  }

  @Command(
      name = "script",
      description = "Prints the SQL that an administrator runs once: roles, database, schemas.",
      mixinStandardHelpOptions = true)
  static final class Script implements Callable<Integer> {

    @Override
    public Integer call() {
      System.out.print(PreparingScript.text());
      return 0;
    }
  }

  @Command(
      name = "prepare",
      description = "Runs that script, sets the roles' passwords, and migrates.",
      mixinStandardHelpOptions = true)
  static final class Prepare implements Callable<Integer> {

    @Mixin private Target target = new Target();

    @Option(
        names = "--user",
        paramLabel = "ROLE",
        description = "May create roles and databases (default: ${DEFAULT-VALUE}).",
        defaultValue = Postgres.SUPERUSER)
    private String user = Postgres.SUPERUSER;

    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        description = "Holds that role's password (default: PGPASSWORD).")
    private @Nullable Path passwordFile;

    @Override
    public Integer call() {
      var database = target.database();
      database.prepare(user, password());
      database.migrate();
      System.out.println("Prepared: " + database.server().url());
      return 0;
    }

    private String password() {
      if (passwordFile == null) {
        var password = System.getenv("PGPASSWORD");
        return password == null ? "" : password;
      }
      return Secrets.read(passwordFile);
    }
  }

  @Command(
      name = "migrate",
      description = "Brings the log and the directory to this version, as assay_owner.",
      mixinStandardHelpOptions = true)
  static final class Migrate implements Callable<Integer> {

    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      var database = target.database();
      database.migrate();
      System.out.println("Migrated: " + database.server().url());
      return 0;
    }
  }
}
