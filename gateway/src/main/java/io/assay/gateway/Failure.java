package io.assay.gateway;

import io.assay.platform.problem.Rejection;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.ReadTimeoutException;
import io.netty.handler.codec.compression.DecompressionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;

/** Why an instance gave no answer, and so whether another may be asked. */
enum Failure {

  /** No connection was made: the instance has not seen the request. */
  NOTHING_SENT,

  /** The connection ended before the answer: what was asked may have been done, or not. */
  BROKEN_OFF,

  /** The instance may still be at it. */
  TOO_SLOW,

  /** The client's body is not what its headers say; whatever came of it, it is not the instance. */
  UNREADABLE,

  /** The fault is the gateway's own. */
  OTHER;

  static Failure of(Throwable failure) {
    if (failure instanceof ReadTimeoutException) {
      return TOO_SLOW;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DecompressionException) {
        return UNREADABLE;
      }
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException) {
        return NOTHING_SENT;
      }
      if (cause instanceof IOException) {
        return BROKEN_OFF;
      }
    }
    return failure instanceof HttpClientException ? BROKEN_OFF : OTHER;
  }

  boolean isOfTheInstance() {
    return this == NOTHING_SENT || this == BROKEN_OFF;
  }

  /** Where asking twice does nothing twice. */
  boolean mayBeRepeated() {
    return isOfTheInstance();
  }

  Rejection rejection() {
    return switch (this) {
      case NOTHING_SENT -> Rejection.unavailable("The service does not answer at present.");
      case BROKEN_OFF -> Rejection.of("upstream-failed", "The service broke the connection off.");
      case TOO_SLOW -> Rejection.of("upstream-timeout", "The service did not answer in time.");
      case UNREADABLE ->
          Rejection.malformed(
              "#/header/Content-Encoding",
              "The body is not in the coding that Content-Encoding names.");
      case OTHER -> Rejection.of("internal-error", "The request met an unexpected failure.");
    };
  }
}
