package io.assay.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The anchor of every write: one bare row a commit, over a connection of its own. */
final class Inserting implements Load.Client {

  /** What has to be run before. */
  static final String TABLE =
      "create table if not exists bare (id bigint generated always as identity primary key, row"
          + " bytea)";

  private final Connection connection;
  private final PreparedStatement insert;
  private final byte[] row;

  Inserting(DataSource server, byte[] row) throws SQLException {
    connection = server.getConnection();
    insert = connection.prepareStatement("insert into bare (row) values (?)");
    this.row = row;
  }

  @Override
  public void step() throws SQLException {
    insert.setBytes(1, row);
    insert.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
