package io.assay.launcher;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server with Assay's database on it.
 *
 * @param url of that database; may name several hosts
 */
record DatabaseServer(String url) {

  static final String MAINTENANCE = "postgres";

  DatabaseServer {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new CannotStart(
          "The database's URL is of the form jdbc:postgresql://HOST:PORT/assay, and not " + url);
    }
  }

  /** Unpooled connections of a role to Assay's database. */
  DataSource as(String role, String password) {
    return to(null, role, password);
  }

  /** The same to another database of the server. */
  DataSource to(@org.jspecify.annotations.Nullable String database, String role, String password) {
    var source = new PGSimpleDataSource();
    source.setUrl(url);
    if (database != null) {
      source.setDatabaseName(database);
    }
    source.setUser(role);
    source.setPassword(password);
    return source;
  }
}
