package io.assay.gateway;

import io.micronaut.context.annotation.EachProperty;
import io.micronaut.context.annotation.Parameter;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How many requests of one class are taken. A rate of 0 is no limit.
 *
 * @param name of the {@link RouteClass}: reads, writes or uploads
 * @param actorRate requests a second that one actor may keep up
 * @param actorBurst requests that one actor may send at once
 * @param addressRate requests a second that one address may keep up, whoever sends them
 * @param addressBurst requests that one address may send at once
 */
@EachProperty("assay.gateway.limits")
record ClassLimits(
    @Parameter String name,
    @Bindable(defaultValue = "200") long actorRate,
    @Bindable(defaultValue = "400") long actorBurst,
    @Bindable(defaultValue = "1000") long addressRate,
    @Bindable(defaultValue = "2000") long addressBurst) {}
