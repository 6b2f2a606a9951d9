package io.assay.platform.database;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the password of each database role from the folder {@code assay.database.passwords}, from
 * the file that bears the role's name, where {@code datasources.<name>.password} does not say it.
 */
@Singleton
@Requires(property = "assay.database.passwords")
final class PasswordFiles implements BeanCreatedEventListener<DatasourceConfiguration> {

  private final Path folder;

  PasswordFiles(@Property(name = "assay.database.passwords") String folder) {
    this.folder = Path.of(folder);
  }

  @Override
  public DatasourceConfiguration onCreated(BeanCreatedEvent<DatasourceConfiguration> event) {
    var database = event.getBean();
    if (database.getConfiguredPassword() == null) {
      var file = folder.resolve(database.getUsername());
      try {
        database.setPassword(Files.readString(file).strip());
      } catch (IOException e) {
        throw new UnfitDatabaseException(
            "The password of the database role "
                + database.getUsername()
                + " cannot be read from "
                + file
                + ": write it there, or set assay.database.passwords to its folder.",
            e);
      }
    }
    return database;
  }
}
