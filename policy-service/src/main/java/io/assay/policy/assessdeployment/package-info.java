/** AssessDeployment → DeploymentAssessed. */
@NullMarked
package io.assay.policy.assessdeployment;

import org.jspecify.annotations.NullMarked;
