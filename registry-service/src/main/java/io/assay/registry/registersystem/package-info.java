/** RegisterSystem → SystemRegistered. */
@NullMarked
package io.assay.registry.registersystem;

import org.jspecify.annotations.NullMarked;
