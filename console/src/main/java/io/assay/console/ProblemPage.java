package io.assay.console;

import io.assay.client.registry.model.Condition;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** Says on a page what went wrong. */
@Singleton
class ProblemPage {

  private final Pages pages;

  ProblemPage(Pages pages) {
    this.pages = pages;
  }

  MutableHttpResponse<String> show(
      HttpRequest<?> request, int status, String title, String detail, List<Condition> conditions) {
    return pages
        .show(
            "problem",
            Map.of(
                "shell",
                Shell.of(title, Shell.Tab.NONE, Session.of(request).orElse(null)),
                "detail",
                detail,
                "conditions",
                conditions))
        .status(status);
  }
}
