package io.assay.platform.database;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Looks at every database before anything else uses it, migrations included. */
@Singleton
@Order(Ordered.HIGHEST_PRECEDENCE)
@Requires(property = "assay.service")
final class DatabaseGate implements BeanCreatedEventListener<DataSource> {

  private final boolean production;

  DatabaseGate(@Property(name = "assay.profile", defaultValue = "development") String profile) {
    this.production = profile.equals("production");
  }

  @Override
  public DataSource onCreated(BeanCreatedEvent<DataSource> event) {
    try (var connection = event.getBean().getConnection()) {
      var fault = DatabaseRequirements.fault(connection, production);
      if (fault.isPresent()) {
        throw new UnfitDatabaseException(fault.get());
      }
    } catch (SQLException e) {
      throw new UnfitDatabaseException("The database does not answer: " + e.getMessage(), e);
    }
    return event.getBean();
  }
}
