package io.assay.platform.problem;

/**
 * The page behind a problem's {@code type}.
 *
 * @param slug ends the URI reference in {@code type}
 * @param title one line, the same for every occurrence
 * @param happened what the server found
 * @param remedy what the reader does now
 */
public record ProblemPage(String slug, int status, String title, String happened, String remedy) {

  /** The URI reference in {@code type}; the gateway serves the page there. */
  public String reference() {
    return "/problems/" + slug;
  }

  /** The page as plain text. */
  public String text() {
    return """
        %s

        Status %d, type %s

        What happened

        %s

        How to fix it

        %s
        """
        .formatted(title, status, reference(), happened, remedy);
  }

  /** The page as a complete HTML document that loads nothing. */
  public String html() {
    return """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>%1$s - Assay</title></head>
        <body>
        <main>
        <h1>%1$s</h1>
        <p>Status %2$d, type <code>%3$s</code></p>
        <h2>What happened</h2>
        <p>%4$s</p>
        <h2>How to fix it</h2>
        <p>%5$s</p>
        </main>
        </body>
        </html>
        """
        .formatted(escape(title), status, reference(), escape(happened), escape(remedy));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
