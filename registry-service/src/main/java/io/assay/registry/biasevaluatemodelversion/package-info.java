/** BiasEvaluateModelVersion → ModelVersionBiasEvaluated: the service computes the metrics. */
@NullMarked
package io.assay.registry.biasevaluatemodelversion;

import org.jspecify.annotations.NullMarked;
