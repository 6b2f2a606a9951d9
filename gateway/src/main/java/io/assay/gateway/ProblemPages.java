package io.assay.gateway;

import io.assay.platform.problem.ProblemCatalogue;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.ProblemPage;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.stream.Collectors;

/** The pages behind the {@code type} of every problem, as HTML for browsers and text for others. */
@Controller("/problems")
@Secured(SecurityRule.IS_ANONYMOUS)
class ProblemPages {

  @Get
  @Produces(MediaType.TEXT_PLAIN)
  String index() {
    return ProblemCatalogue.pages().stream()
        .map(page -> page.status() + " " + page.reference() + "  " + page.title())
        .sorted()
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Get("/{slug}")
  @Produces(MediaType.ALL)
  MutableHttpResponse<String> page(HttpRequest<?> request, @PathVariable String slug) {
    ProblemPage page =
        ProblemCatalogue.page(slug)
            .orElseThrow(() -> new ProblemException(Rejection.notFound("problem " + slug)));
    boolean html =
        request.accept().stream().anyMatch(type -> type.getName().equals(MediaType.TEXT_HTML));
    return HttpResponse.ok(html ? page.html() : page.text())
        .header(HttpHeaders.CACHE_CONTROL, "public, max-age=3600")
        .contentType((html ? MediaType.TEXT_HTML : MediaType.TEXT_PLAIN) + "; charset=utf-8");
  }
}
