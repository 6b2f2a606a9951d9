/** The policy view: one token over the tables that the folders of its parts read and write. */
@NullMarked
package io.assay.policy.view;

import org.jspecify.annotations.NullMarked;
