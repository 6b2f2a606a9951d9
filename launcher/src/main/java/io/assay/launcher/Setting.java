package io.assay.launcher;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that an operator can set.
 *
 * @param name of the property; {@code *} stands for a name that the operator chooses
 * @param standard what holds where it is not set; null where nothing does
 * @param choices the only values; empty where others are possible
 * @param least of a number
 * @param services which read it, by their spelling
 */
record Setting(
    String name,
    Type type,
    @Nullable String standard,
    @Nullable String unit,
    List<String> choices,
    @Nullable Long least,
    List<String> services,
    String meaning) {

  enum Type {
    TEXT,
    NUMBER,
    DURATION,
    URL,
    PATH,
    LIST,
    TABLE,
    SECRET,
    SECRET_FILE;

    String spelling() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static Type of(String spelling) {
      return valueOf(spelling.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }
  }

  /** The environment variable that sets it; {@code *} stays. */
  String variable() {
    return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Whether it is meant by a property of this name, or is a table and this is in it. */
  boolean isNamed(String property) {
    return pattern(name, "[^.]+", "(?:\\..+|\\[.+)?").matcher(property).matches();
  }

  /** Whether it is meant by an environment variable of this name. */
  boolean isSetBy(String environmentVariable) {
    return pattern(variable(), ".+", "(?:_.+)?").matcher(environmentVariable).matches();
  }

  private Pattern pattern(String spelled, String any, String within) {
    var quoted = Pattern.quote(spelled).replace("*", "\\E" + any + "\\Q");
    boolean parts = type == Type.TABLE || type == Type.LIST;
    return Pattern.compile(quoted + (parts ? within : ""));
  }
}
