/** EvaluateModelVersion → ModelVersionEvaluated. */
@NullMarked
package io.assay.registry.evaluatemodelversion;

import org.jspecify.annotations.NullMarked;
