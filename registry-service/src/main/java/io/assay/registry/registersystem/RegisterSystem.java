package io.assay.registry.registersystem;

import io.assay.contracts.RiskTier;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import org.jspecify.annotations.Nullable;

/**
 * An AI system gets a name, which no other system of the workspace has.
 *
 * @param aiActClass its class under Regulation (EU) 2024/1689
 */
public record RegisterSystem(
    SystemId system,
    String name,
    String purpose,
    String owner,
    RiskTier riskTier,
    @Nullable String aiActClass,
    Tag nameTag) {}
