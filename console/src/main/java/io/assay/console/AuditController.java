package io.assay.console;

import io.assay.client.lineage.AuditApi;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The list of events, by entity, actor, type and moment. */
@Controller("/console/audit")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
public class AuditController {

  private static final int SHOWN = 50;

  /** What the list was asked for; empty strings where nothing was said. */
  public record Search(String entity, String actor, String type, String asOf) {

    /** The same search as the query of an address. */
    public String query() {
      var parts = new ArrayList<String>();
      add(parts, "entity", entity);
      add(parts, "actor", actor);
      add(parts, "type", type);
      add(parts, "asOf", asOf);
      return String.join("&", parts);
    }

    private static void add(ArrayList<String> parts, String name, String value) {
      if (!value.isEmpty()) {
        parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
  }

  private static final Set<String> UNIQUENESS = Set.of("name", "idem", "refusal");

  private static final Pattern ID = Pattern.compile("[a-z-]+:[0-9a-f-]{36}");

  private final Pages pages;
  private final Visit visit;

  AuditController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Get
  HttpResponse<String> events(
      HttpRequest<?> request,
      @QueryValue @Nullable String entity,
      @QueryValue @Nullable String actor,
      @QueryValue @Nullable String type,
      @QueryValue @Nullable String asOf,
      @QueryValue @Nullable String cursor) {
    var session = visit.session(request);
    var search = new Search(said(entity), said(actor), said(type), said(asOf));
    var page =
        visit
            .caller(session)
            .client(AuditApi.class)
            .listAuditEvents(
                absent(search.entity()),
                absent(search.actor()),
                absent(search.type()),
                null,
                null,
                absent(search.asOf()),
                SHOWN,
                absent(said(cursor)),
                null);
    var parameters = new HashMap<String, Object>();
    parameters.put("shell", Shell.of("Audit trail", Shell.Tab.AUDIT, session));
    parameters.put("search", search);
    parameters.put("events", page.getItems());
    parameters.put("next", page.getNext() == null ? "" : page.getNext());
    return pages.show("audit", parameters);
  }

  /** Whether a tag is about something with a history, and not only about uniqueness. */
  public static boolean isEntity(String tag) {
    return !UNIQUENESS.contains(tag.substring(0, tag.indexOf(':')));
  }

  /** An entity's tag for people: of an id the first eight digits, of anything else all. */
  public static String shortened(String tag) {
    return ID.matcher(tag).matches() ? tag.substring(0, tag.indexOf(':') + 9) : tag;
  }

  private static String said(@Nullable String value) {
    return value == null ? "" : value.strip();
  }

  private static @Nullable String absent(String value) {
    return value.isEmpty() ? null : value;
  }
}
