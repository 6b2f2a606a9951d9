package io.assay.registry.requestpromotion;

import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.annotation.ClientFilter;
import io.micronaut.http.annotation.RequestFilter;

/** Puts caller, workspace and trace on what is asked of policy. */
@ClientFilter(serviceId = "assay-policy")
final class AskingPolicyFilter {

  @RequestFilter
  void identify(MutableHttpRequest<?> request) {
    PropagatedContext.getOrEmpty()
        .find(AskingPolicy.class)
        .ifPresent(
            asking -> {
              request.getHeaders().set(HttpHeaders.AUTHORIZATION, asking.authorization());
              request.getHeaders().set("Assay-Workspace", asking.workspace());
              request.getHeaders().set("Assay-Request-Id", asking.requestId());
              if (asking.traceparent() != null) {
                request.getHeaders().set("traceparent", asking.traceparent());
              }
            });
  }
}
