package io.assay.registry.startrun;

import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.RunEvent;
import io.assay.contracts.RunEvent.Code;
import io.assay.contracts.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run starts on these dataset versions; who starts it contributes to what comes of it. */
public record StartRun(
    RunId run,
    RunEvent.Kind kind,
    String name,
    List<DatasetVersionId> inputs,
    @Nullable Code code,
    Map<String, String> environment,
    Map<String, String> parameters,
    Instant startedAt) {}
