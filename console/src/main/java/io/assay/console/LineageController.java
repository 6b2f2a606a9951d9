package io.assay.console;

import io.assay.client.lineage.LineageApi;
import io.assay.client.lineage.model.LineageDirection;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The picture of what a thing came from and what came of it. */
@Controller("/console/lineage")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class LineageController {

  private static final int DEPTH = 12;

  private final Pages pages;
  private final Visit visit;

  LineageController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Get
  HttpResponse<String> lineage(
      HttpRequest<?> request,
      @QueryValue @Nullable String node,
      @QueryValue @Nullable String direction) {
    var session = visit.session(request);
    var shell = Shell.of("Lineage", Shell.Tab.LINEAGE, session);
    var asked = node == null ? "" : node.strip();
    var way = direction == null ? "both" : direction;
    if (asked.isEmpty()) {
      return pages.show(
          "lineage",
          Map.of("shell", shell, "node", "", "direction", way, "picture", LineagePicture.empty()));
    }
    var graph =
        visit
            .caller(session)
            .client(LineageApi.class)
            .getLineage(asked, direction(way), DEPTH, null, null);
    return pages.show(
        "lineage",
        Map.of(
            "shell",
            shell,
            "node",
            graph.getRoot(),
            "direction",
            way,
            "picture",
            LineagePicture.of(graph)));
  }

  private static LineageDirection direction(String way) {
    return switch (way) {
      case "upstream" -> LineageDirection.UPSTREAM;
      case "downstream" -> LineageDirection.DOWNSTREAM;
      default -> LineageDirection.BOTH;
    };
  }
}
