package io.assay.platform.problem;

import io.assay.eventlog.AppendUncertainException;
import io.assay.eventlog.LogUnavailableException;
import io.assay.platform.database.PassingFailures;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.exceptions.BufferLengthExceededException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.json.JsonSyntaxException;
import io.micronaut.serde.exceptions.SerdeException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import java.net.URISyntaxException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Says which rejection a failure is. What it does not know is an internal error, without detail.
 */
@Singleton
class Failures {

  private final Pointers pointers;

  Failures(Pointers pointers) {
    this.pointers = pointers;
  }

  Rejection rejection(ErrorContext context, int status) {
    var request = context.getRequest();
    var undecodable = undecodable(request);
    return undecodable.isPresent()
        ? undecodable.get()
        : context
            .getRootCause()
            .flatMap(cause -> ofCause(request, cause))
            .orElseGet(() -> ofStatus(request, status));
  }

  /** What is so malformed that no filter and no route saw it. */
  private static Optional<Rejection> undecodable(HttpRequest<?> request) {
    if (!(request instanceof NettyHttpRequest<?> netty)
        || !netty.getNativeRequest().decoderResult().isFailure()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (netty.getNativeRequest().decoderResult().cause()) {
          case TooLongHttpLineException line ->
              Rejection.of("target-too-long", "The first line of the request is too long.");
          case TooLongHttpHeaderException headers ->
              Rejection.of("headers-too-large", "The headers are too large or too many.");
          default -> Rejection.of("malformed-request", "The request cannot be read.");
        });
  }

  private Optional<Rejection> ofCause(HttpRequest<?> request, Throwable failure) {
    var argument = argument(failure);
    for (Throwable cause = failure; cause != null; cause = next(cause)) {
      var known =
          switch (cause) {
            case ProblemException problem -> problem.rejection();
            case ConstraintViolationException violations ->
                Rejection.malformed(pointers.of(request, violations));
            case SerdeException faulty -> field(faulty);
            case JsonSyntaxException syntax -> syntax(syntax);
            case ContentLengthExceededException tooLarge ->
                Rejection.of("too-large", "The body is over the limit.");
            case BufferLengthExceededException tooLarge ->
                Rejection.of("too-large", "The body is over the limit.");
            case URISyntaxException uri ->
                Rejection.of("path-not-canonical", "The address is not a URI: " + uri.getReason());
            case TimeoutException slow ->
                Rejection.unavailable("What this needs did not answer in time.");
            case LogUnavailableException log ->
                Rejection.unavailable("The log cannot be reached at present. Nothing was written.");
            case AppendUncertainException append ->
                Rejection.unavailable(
                    "Whether this was written is not known yet. Look it up, or send it again with the"
                        + " same Idempotency-Key.");
            case SQLException database when PassingFailures.isPassing(database) ->
                Rejection.unavailable("The database cannot be reached at present.");
            default -> null;
          };
      if (known != null) {
        return Optional.of(known);
      }
    }
    return argument == null
        ? Optional.empty()
        : Optional.of(
            Rejection.malformed(
                pointers.of(argument),
                failure instanceof UnsatisfiedRouteException
                    ? "This is required."
                    : "This is not of the right type or form."));
  }

  private static @Nullable Throwable next(Throwable cause) {
    return cause.getCause() == cause ? null : cause.getCause();
  }

  private static @Nullable Argument<?> argument(Throwable failure) {
    return switch (failure) {
      case ConversionErrorException conversion -> conversion.getArgument();
      case UnsatisfiedRouteException missing -> missing.getArgument();
      default -> null;
    };
  }

  private Rejection field(SerdeException faulty) {
    return Rejection.malformed(pointers.of(faulty), FieldFaults.explain(faulty));
  }

  private static Rejection syntax(JsonSyntaxException syntax) {
    var detail = FieldFaults.firstLine(syntax.getMessage());
    return Rejection.of("malformed-json", detail).at("", detail);
  }

  private static Rejection ofStatus(HttpRequest<?> request, int status) {
    return switch (status) {
      case 400 -> Rejection.of("malformed-request", "The request cannot be read.");
      case 401 -> Rejection.unauthenticated("Send Authorization: Bearer with an access token.");
      case 403 -> Rejection.roleMissing("None of your roles allows this.");
      case 404 -> Rejection.of("no-such-route", "Nothing answers at " + request.getPath() + ".");
      case 405 ->
          Rejection.of(
              "method-not-allowed", request.getMethodName() + " is not answered at this path.");
      case 406 -> Rejection.of("not-acceptable", "This route answers application/json.");
      case 408, 503 -> Rejection.unavailable("The request cannot be answered at present.");
      case 413 -> Rejection.of("too-large", "The body is over the limit of this route.");
      case 415 ->
          Rejection.of(
              "unsupported-media-type",
              request
                  .getContentType()
                  .map(type -> type.getName() + " is not read here.")
                  .orElse("The request has no Content-Type."));
      case 429 -> Rejection.tooManyRequests(1);
      case 502 -> Rejection.of("upstream-failed", "The service behind the gateway failed.");
      case 504 -> Rejection.of("upstream-timeout", "The service did not answer in time.");
      default ->
          status >= 400 && status < 500
              ? Rejection.of("malformed-request", "The request cannot be read.")
              : Rejection.of(
                  "internal-error",
                  "The request met an unexpected failure, which the server has logged.");
    };
  }
}
