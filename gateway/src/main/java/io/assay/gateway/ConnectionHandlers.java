package io.assay.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway adds to every connection: it is watched for requests that trickle in, so that
 * nobody holds connections, and services behind them, by sending a byte now and then; what cannot
 * be read is answered before the connection closes; and downloads say how long they are.
 */
@Singleton
class ConnectionHandlers implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

  private final GatewayConfiguration limits;
  private final Provider<MeterRegistry> meters;

  ConnectionHandlers(GatewayConfiguration limits, Provider<MeterRegistry> meters) {
    this.limits = limits;
    this.meters = meters;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    var registry = event.getBean();
    registry.register(new Customizer(null));
    return registry;
  }

  private final class Customizer implements NettyServerCustomizer {

    private final @Nullable Channel connection;

    Customizer(@Nullable Channel connection) {
      this.connection = connection;
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return role == ChannelRole.CONNECTION ? new Customizer(channel) : this;
    }

    @Override
    public void onInitialPipelineBuilt() {
      if (connection == null) {
        return;
      }
      var pipeline = connection.pipeline();
      var codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
      if (pipeline.get(codec) != null) {
        var watch =
            new RequestWatch(
                limits,
                reason ->
                    meters.get().counter("assay.gateway.closed", "reason", reason).increment());
        pipeline.addBefore(codec, "assay-arriving-bytes", watch.bytes());
        pipeline.addAfter(codec, "assay-last-answer", new LastAnswer());
        pipeline.addAfter(codec, "assay-arriving-requests", watch.requests());
        pipeline.addAfter(codec, "assay-known-length", new KnownLength());
      }
    }
  }
}
