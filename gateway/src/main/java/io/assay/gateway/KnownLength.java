package io.assay.gateway;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpHeaders;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Sends a streamed answer with the length that the service said, so that clients can show progress
 * and notice what is missing. Micronaut sends what it streams in chunks, whatever is known of it.
 */
final class KnownLength extends ChannelOutboundHandlerAdapter {

  private static final String KEPT = "Assay-Streamed-Length";

  /** Keeps the length that an answer says until it is written. */
  static void keep(MutableHttpHeaders headers) {
    var length = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      headers.set(KEPT, length);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse response) {
      var headers = response.headers();
      var length = headers.get(KEPT);
      headers.remove(KEPT);
      if (length != null
          && !(message instanceof FullHttpMessage)
          && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)) { // which has another length
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
      }
    }
    super.write(context, message, promise);
  }
}
