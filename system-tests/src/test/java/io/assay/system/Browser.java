package io.assay.system;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** As much of a browser as signing in takes: cookies by address, redirects, forms. */
final class Browser {

  private static final Pattern FORM =
      Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
  private static final Pattern REFRESH =
      Pattern.compile("http-equiv=\"refresh\" content=\"0;url=([^\"]+)\"");
  private static final int STEPS = 12;

  private final Map<String, Map<String, String>> cookies = new HashMap<>();

  /** What is shown in the end. */
  record Page(URI address, int status, String body) {

    /** The address that a form is sent to, the first whose address contains this. */
    URI action(String part) {
      return address.resolve(form(part)[0]);
    }

    /** What the form sends without being asked. */
    Map<String, String> hidden(String part) {
      var fields = new LinkedHashMap<String, String>();
      var inputs = HIDDEN.matcher(form(part)[1]);
      while (inputs.find()) {
        fields.put(inputs.group(1), inputs.group(2));
      }
      return fields;
    }

    boolean hasForm(String part) {
      return FORM.matcher(body).results().anyMatch(form -> form.group(1).contains(part));
    }

    private String[] form(String part) {
      return FORM.matcher(body)
          .results()
          .filter(form -> form.group(1).contains(part))
          .map(form -> new String[] {form.group(1).replace("&amp;", "&"), form.group(2)})
          .findFirst()
          .orElseThrow(() -> new AssertionError("No form to " + part + " in " + this));
    }
  }

  Page open(String address) {
    return follow(URI.create(address), null);
  }

  /** Fills in and sends the page's form. */
  Page send(Page page, String form, Map<String, String> fields) {
    var all = page.hidden(form);
    all.putAll(fields);
    return follow(page.action(form), new Sent(page.address(), Keycloaks.encoded(all)));
  }

  /** A cookie of an address; null where there is none. */
  @Nullable String cookie(URI address, String name) {
    return cookies.getOrDefault(address.getAuthority(), Map.of()).get(name);
  }

  private record Sent(URI from, String body) {}

  private Page follow(URI first, @Nullable Sent form) {
    var address = first;
    var sent = form;
    for (int step = 0; step < STEPS; step++) {
      var answer = exchange(address, sent);
      sent = null;
      var next = answer.headers().firstValue("Location");
      if (next.isEmpty()) {
        var refresh = REFRESH.matcher(answer.body());
        if (!refresh.find()) {
          return new Page(address, answer.statusCode(), answer.body());
        }
        next = java.util.Optional.of(refresh.group(1));
      }
      address = address.resolve(next.get());
    }
    throw new AssertionError("Led around in circles, at last to " + address);
  }

  private HttpResponse<String> exchange(URI address, @Nullable Sent sent) {
    var jar = cookies.computeIfAbsent(address.getAuthority(), key -> new LinkedHashMap<>());
    var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30));
    if (!jar.isEmpty()) {
      request.header(
          "Cookie",
          jar.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    if (sent != null) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString(sent.body()));
      if (sent.from().getAuthority().equals(address.getAuthority())) {
        request.header("Referer", sent.from().toString());
        request.header("Origin", "http://" + address.getAuthority());
      }
    }
    var answer = Http.send(request.build());
    for (var header : answer.headers().allValues("Set-Cookie")) {
      var pair = header.split(";", 2)[0].split("=", 2);
      if (pair[1].isEmpty()) {
        jar.remove(pair[0]);
      } else {
        jar.put(pair[0], pair[1]);
      }
    }
    return answer;
  }
}
