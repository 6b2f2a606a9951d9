package io.assay.console;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The style sheet and the script: two files, no others. */
@Controller("/assets")
@Secured(Pages.ANYBODY)
class AssetsController {

  private static final String CACHED = "public, max-age=3600";

  private final byte[] style = read("/console/console.css");
  private final byte[] icon = read("/console/icon.svg");
  private final byte[] script = read("/META-INF/resources/webjars/htmx.org/2.0.4/dist/htmx.min.js");

  @Get("/console.css")
  HttpResponse<byte[]> style() {
    return HttpResponse.ok(style)
        .contentType(MediaType.of("text/css; charset=utf-8"))
        .header("Cache-Control", CACHED);
  }

  @Get("/icon.svg")
  HttpResponse<byte[]> icon() {
    return HttpResponse.ok(icon)
        .contentType(MediaType.of("image/svg+xml"))
        .header("Cache-Control", CACHED);
  }

  @Get("/htmx.js")
  HttpResponse<byte[]> script() {
    return HttpResponse.ok(script)
        .contentType(MediaType.of("text/javascript; charset=utf-8"))
        .header("Cache-Control", CACHED);
  }

  private static byte[] read(String path) {
    try (var bytes = AssetsController.class.getResourceAsStream(path)) {
      if (bytes == null) {
        throw new IllegalStateException("The jar has no " + path);
      }
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
