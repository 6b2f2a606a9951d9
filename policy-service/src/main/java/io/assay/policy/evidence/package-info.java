/** Sources from the log what a policy may ask about: a version, its run, its data, the gate. */
@NullMarked
package io.assay.policy.evidence;

import org.jspecify.annotations.NullMarked;
