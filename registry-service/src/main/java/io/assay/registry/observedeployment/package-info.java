/** ObserveDeployment → DeploymentObserved, and DeploymentSuperseded for what it replaces. */
@NullMarked
package io.assay.registry.observedeployment;

import org.jspecify.annotations.NullMarked;
