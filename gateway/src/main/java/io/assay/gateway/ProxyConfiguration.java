package io.assay.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;

/**
 * The proxies in front of the gateway, whose word about the client is taken.
 *
 * @param trusted their addresses, or networks as {@code 10.0.0.0/8}; none unless said
 * @param header which one they write: {@code x-forwarded} ({@code X-Forwarded-For}, {@code
 *     X-Forwarded-Proto}) or {@code forwarded} (RFC 7239). The other one is never read, because a
 *     proxy that does not know it passes a client's own through
 */
@ConfigurationProperties("assay.proxy")
record ProxyConfiguration(
    @Bindable(defaultValue = "") List<String> trusted,
    @Bindable(defaultValue = "x-forwarded") String header) {}
