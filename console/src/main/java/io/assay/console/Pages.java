package io.assay.console;

import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** Renders templates and dresses the answers. */
@Singleton
class Pages {

  /**
   * Pages are open: who is not signed in is led to sign in, and what the pages show is what the
   * public interface answers to the person's own token.
   */
  static final String ANYBODY = "isAnonymous()";

  /** Scripts and styles of our own only, none of them inline; forms only to ourselves. */
  static final String CONTENT_SECURITY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private final TemplateEngine templates;
  private final String contentSecurity;

  Pages(TemplateEngine templates, Optional<OpenIdSignIn> issuer) {
    this.templates = templates;
    // A form's answer can lead on to the issuer, to sign out or to prove oneself.
    this.contentSecurity = CONTENT_SECURITY + issuer.map(known -> " " + known.origin()).orElse("");
  }

  /** A page or a piece of one. */
  MutableHttpResponse<String> show(String template, Map<String, Object> parameters) {
    var output = new StringOutput();
    templates.render(template + ".jte", parameters, output);
    return HttpResponse.ok(output.toString())
        .contentType(MediaType.TEXT_HTML_TYPE)
        .characterEncoding("utf-8")
        .header("Content-Security-Policy", contentSecurity)
        .header("Cache-Control", "no-store");
  }
}
