/** RetireDeployment → DeploymentRetired. */
@NullMarked
package io.assay.registry.retiredeployment;

import org.jspecify.annotations.NullMarked;
