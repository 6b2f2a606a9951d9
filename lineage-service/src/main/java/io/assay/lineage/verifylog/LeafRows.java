package io.assay.lineage.verifylog;

import io.assay.contracts.Sha256;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The leaf hashes as the log has them. */
@Singleton
class LeafRows implements LogRoot.Leaves {

  private final JdbcOperations jdbc;

  LeafRows(@Named(VerificationRunRows.DATASOURCE) JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  @Transactional(transactionManager = VerificationRunRows.DATASOURCE, readOnly = true)
  public List<Sha256> read(long fromPosition, int limit) {
    return jdbc.prepareStatement(
        "select leaf from log.event where position >= ? order by position limit ?",
        statement -> {
          statement.setLong(1, fromPosition);
          statement.setInt(2, limit);
          var leaves = new ArrayList<Sha256>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              leaves.add(new Sha256(HexFormat.of().formatHex(rows.getBytes(1))));
            }
          }
          return leaves;
        });
  }
}
