/** RegisterModel → ModelRegistered. */
@NullMarked
package io.assay.registry.registermodel;

import org.jspecify.annotations.NullMarked;
