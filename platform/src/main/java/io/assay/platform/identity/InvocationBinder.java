package io.assay.platform.identity;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets a controller's method take an {@link Invocation}. */
@Singleton
@Requires(beans = Invocations.class)
class InvocationBinder implements TypedRequestArgumentBinder<Invocation> {

  private final Invocations invocations;

  InvocationBinder(Invocations invocations) {
    this.invocations = invocations;
  }

  @Override
  public Argument<Invocation> argumentType() {
    return Argument.of(Invocation.class);
  }

  @Override
  public BindingResult<Invocation> bind(
      ArgumentConversionContext<Invocation> context, HttpRequest<?> source) {
    var invocation = Optional.of(invocations.current(source));
    return () -> invocation;
  }
}
