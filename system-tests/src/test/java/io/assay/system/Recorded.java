package io.assay.system;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** What stands in the log itself, past every service. */
final class Recorded {

  private Recorded() {}

  /** How often each dataset's name was registered. */
  static Map<String, Integer> datasets(DataSource superuser) throws SQLException {
    var names = new HashMap<String, Integer>();
    try (var connection = superuser.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select convert_from(s.content, 'UTF8')::jsonb ->> 'name'"
                    + " from log.event e join log.section s using (position)"
                    + " where e.type = 'DatasetRegistered'"
                    + " and convert_from(s.content, 'UTF8')::jsonb ? 'name'")) {
      while (rows.next()) {
        names.merge(rows.getString(1), 1, Integer::sum);
      }
    }
    return names;
  }
}
