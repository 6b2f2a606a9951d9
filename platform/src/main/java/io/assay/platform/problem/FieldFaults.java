package io.assay.platform.problem;

import io.micronaut.serde.exceptions.InvalidFormatException;
import io.micronaut.serde.exceptions.SerdeException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a deserialiser says into words for whoever sent the body; never a Java name. */
final class FieldFaults {

  private static final Pattern UNKNOWN = Pattern.compile("Unknown property \\[(.*?)]");
  private static final Pattern REQUIRED =
      Pattern.compile(
          "(?:required|mandatory).*?(?:property|constructor parameter) \\[(.*?)]",
          Pattern.CASE_INSENSITIVE);

  private FieldFaults() {}

  /** The name of the field that the message names, where the path does not hold it. */
  static @Nullable String named(SerdeException faulty) {
    var message = String.valueOf(faulty.getMessage());
    for (var pattern : new Pattern[] {UNKNOWN, REQUIRED}) {
      var matcher = pattern.matcher(message);
      if (matcher.find()) {
        var name = matcher.group(1).strip();
        int space = name.lastIndexOf(' ');
        return space < 0 ? name : name.substring(space + 1);
      }
    }
    return null;
  }

  static String explain(SerdeException faulty) {
    var message = String.valueOf(faulty.getMessage());
    if (UNKNOWN.matcher(message).find()) {
      return "There is no such field here; check its spelling against the interface description.";
    }
    if (REQUIRED.matcher(message).find()) {
      return "This field is required.";
    }
    if (message.toLowerCase(Locale.ROOT).contains("null")) {
      return "This field cannot be null.";
    }
    if (faulty instanceof InvalidFormatException format && format.getOriginalValue() != null) {
      return "The value " + abbreviated(format.getOriginalValue()) + " is not of the right form.";
    }
    return "The value is not of the right type or form.";
  }

  static String firstLine(@Nullable String message) {
    if (message == null) {
      return "The body is not JSON.";
    }
    var line = message.lines().findFirst().orElse("");
    int location = line.indexOf(" at [Source");
    return location < 0 ? line : line.substring(0, location);
  }

  private static String abbreviated(Object value) {
    var text = value.toString();
    return '"' + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
  }
}
