package io.assay.platform.identity;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings schema {@code directory} to this version. */
public final class DirectoryMigrations {

  private DirectoryMigrations() {}

  /**
   * Migrates; can be repeated. The schema and the roles exist already.
   *
   * @param owner connects as {@code assay_owner}
   */
  public static void migrate(DataSource owner) {
    Flyway.configure(DirectoryMigrations.class.getClassLoader())
        .dataSource(owner)
        .locations("classpath:db/migration/directory")
        .schemas("directory")
        .defaultSchema("directory")
        .createSchemas(false)
        .load()
        .migrate();
  }
}
