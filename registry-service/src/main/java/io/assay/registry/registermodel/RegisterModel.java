package io.assay.registry.registermodel;

import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelId;
import io.assay.contracts.RiskTier;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import org.jspecify.annotations.Nullable;

/** A model gets a name within an AI system, which no other model of the workspace has. */
public record RegisterModel(
    ModelId model,
    SystemId system,
    ModelEvent.Kind kind,
    RiskTier riskTier,
    String name,
    @Nullable String description,
    Tag nameTag) {}
