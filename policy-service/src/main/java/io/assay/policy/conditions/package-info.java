/**
 * The policy language: a YAML document of conditions in CEL over typed evidence, compared on exact
 * rationals. Pure: what a policy says depends on the document, the evidence and the time given.
 */
@NullMarked
package io.assay.policy.conditions;

import org.jspecify.annotations.NullMarked;
