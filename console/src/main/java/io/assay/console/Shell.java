package io.assay.console;

import org.jspecify.annotations.Nullable;

/**
 * What surrounds every page.
 *
 * @param tab the part of the console that it belongs to
 * @param user absent before somebody is signed in
 * @param formToken what every form sends back
 */
public record Shell(String title, Tab tab, @Nullable String user, String roles, String formToken) {

  /** A part of the console. */
  public enum Tab {
    OVERVIEW,
    LINEAGE,
    AUDIT,
    NONE
  }

  static Shell of(String title, Tab tab, @Nullable Session session) {
    return session == null
        ? new Shell(title, tab, null, "", "")
        : new Shell(
            title, tab, session.user(), String.join(", ", session.roles()), session.formToken());
  }
}
