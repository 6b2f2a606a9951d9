/** RequestDeployment → DeploymentRequested. */
@NullMarked
package io.assay.registry.requestdeployment;

import org.jspecify.annotations.NullMarked;
