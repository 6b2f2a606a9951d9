/** What paths and bodies refer to, looked up in the log: never stale. */
@NullMarked
package io.assay.registry.references;

import org.jspecify.annotations.NullMarked;
