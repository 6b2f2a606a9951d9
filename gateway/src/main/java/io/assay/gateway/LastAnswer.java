package io.assay.gateway;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The answer to a request that cannot be read is the last on its connection, and arrives: it says
 * that the connection closes, and what the client still sends is thrown away for a while. Closing
 * at once would answer those bytes with a reset, and with it the client loses the answer (RFC 9112,
 * section 9.6).
 */
final class LastAnswer extends ChannelDuplexHandler {

  /** For how long bytes are thrown away before the connection is closed in any case. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private boolean last;
  private boolean lingering;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (lingering) {
      ReferenceCountUtil.release(message);
      return;
    }
    last |= message instanceof HttpRequest request && request.decoderResult().isFailure();
    super.channelRead(context, message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (last && message instanceof HttpResponse response) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    super.write(context, message, promise);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    if (!last || lingering || !(context.channel() instanceof DuplexChannel channel)) {
      super.close(context, promise);
      return;
    }
    lingering = true;
    sayGoodbye(context).addListener(said -> channel.shutdownOutput());
    channel.config().setAutoRead(true); // until the client closes, which ends this earlier
    context
        .executor()
        .schedule(() -> context.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ChannelFuture sayGoodbye(ChannelHandlerContext context) {
    var tls = context.pipeline().get(SslHandler.class);
    return tls == null ? context.newSucceededFuture() : tls.closeOutbound();
  }
}
