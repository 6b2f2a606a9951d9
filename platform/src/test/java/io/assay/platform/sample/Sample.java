package io.assay.platform.sample;

import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Serdeable
record Sample(
    @NotBlank String name, @Max(10) long amount, @Nullable List<@Valid @NotNull Part> parts) {

  @Serdeable
  record Part(@NotBlank String label) {}
}
