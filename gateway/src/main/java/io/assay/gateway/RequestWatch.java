package io.assay.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection and closes it when a request takes too long to arrive.
 *
 * <p>The headers have a deadline from their first byte. A body has an account: the time that the
 * gateway spent waiting for bytes, against what the bytes that came allow. Time in which a service
 * did not take the bytes, so that the gateway asked for none, is not the client's.
 *
 * <p>Refuses as not decodable: too many headers; a protocol other than HTTP/1.0 and 1.1; a request
 * of HTTP/1.1 without exactly one host (RFC 9112, section 3.2); a transfer coding other than
 * chunked, behind which nobody knows where the body ends (section 6.3).
 */
final class RequestWatch {

  private enum Part {
    BETWEEN,
    HEADERS,
    BODY
  }

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final GatewayConfiguration limits;
  private final Consumer<String> closing;
  private Part part = Part.BETWEEN;
  private @Nullable ScheduledFuture<?> alarm;
  private boolean asking;
  private long askedAt;
  private long waited;
  private long received;

  /**
   * @param closing told why a connection is closed
   */
  RequestWatch(GatewayConfiguration limits, Consumer<String> closing) {
    this.limits = limits;
    this.closing = closing;
  }

  /** Goes before the codec. */
  ChannelHandler bytes() {
    return new Bytes();
  }

  /** Goes behind the codec. */
  ChannelHandler requests() {
    return new Requests();
  }

  private void begin(ChannelHandlerContext context, Part next) {
    part = next;
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
    switch (next) {
      case BETWEEN -> {}
      case HEADERS -> {
        alarm =
            context
                .executor()
                .schedule(
                    () -> close(context, "headers"),
                    limits.headerTimeout().toNanos(),
                    TimeUnit.NANOSECONDS);
      }
      case BODY -> {
        waited = 0;
        received = 0;
        askedAt = context.executor().ticker().nanoTime();
        look(context);
      }
    }
  }

  /** Closes the connection if the account is overdrawn, else looks again when it can be. */
  private void look(ChannelHandlerContext context) {
    if (part != Part.BODY || !context.channel().isActive()) {
      return;
    }
    long now = context.executor().ticker().nanoTime();
    long left = allowed() - waited - (asking ? now - askedAt : 0);
    if (left <= 0) {
      close(context, "body");
    } else {
      alarm = context.executor().schedule(() -> look(context), left, TimeUnit.NANOSECONDS);
    }
  }

  private long allowed() {
    return limits.bodyTimeout().toNanos()
        + received / limits.leastBytesPerSecond() * SECOND
        + received % limits.leastBytesPerSecond() * SECOND / limits.leastBytesPerSecond();
  }

  private void close(ChannelHandlerContext context, String reason) {
    part = Part.BETWEEN;
    closing.accept(reason);
    context.close();
  }

  private final class Bytes extends ChannelDuplexHandler {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (message instanceof ByteBuf bytes && bytes.isReadable()) {
        if (part == Part.BETWEEN) {
          begin(context, Part.HEADERS);
        }
        if (part == Part.BODY) {
          received += bytes.readableBytes();
          if (asking) {
            long now = context.executor().ticker().nanoTime();
            waited += now - askedAt;
            askedAt = now;
          }
        }
      }
      super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
      asking = false;
      super.channelReadComplete(context);
    }

    @Override
    public void read(ChannelHandlerContext context) throws Exception {
      if (!asking) {
        asking = true;
        askedAt = context.executor().ticker().nanoTime();
      }
      super.read(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      begin(context, Part.BETWEEN);
      super.channelInactive(context);
    }
  }

  private final class Requests extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (message instanceof HttpRequest request) {
        check(request);
        begin(context, Part.BODY);
      }
      if (message instanceof LastHttpContent
          || message instanceof HttpRequest failed && failed.decoderResult().isFailure()) {
        begin(context, Part.BETWEEN);
      }
      super.channelRead(context, message);
    }

    private void check(HttpRequest request) {
      if (request.decoderResult().isSuccess()) {
        var fault = fault(request);
        if (fault != null) {
          request.setDecoderResult(DecoderResult.failure(fault));
        }
      }
    }

    private @Nullable Exception fault(HttpRequest request) {
      var headers = request.headers();
      var version = request.protocolVersion();
      if (headers.size() > limits.maximumHeaders()) {
        return new TooLongHttpHeaderException(
            "A request has at most " + limits.maximumHeaders() + " headers");
      }
      if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
        return new IllegalArgumentException("The protocol is HTTP/1.1");
      }
      if (version.equals(HttpVersion.HTTP_1_1)
          && headers.getAll(HttpHeaderNames.HOST).size() != 1) {
        return new IllegalArgumentException("A request names one host");
      }
      var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
      return codings.isEmpty()
              || codings.size() == 1
                  && codings.getFirst().equalsIgnoreCase(HttpHeaderValues.CHUNKED.toString())
          ? null
          : new IllegalArgumentException("The only transfer coding is chunked");
    }
  }
}
