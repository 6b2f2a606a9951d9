/**
 * The conventions of every HTTP interface: canonical paths, request ids, security headers, strict
 * JSON, positions, cursors, idempotency keys, workspace keys.
 */
@NullMarked
package io.assay.platform.http;

import org.jspecify.annotations.NullMarked;
