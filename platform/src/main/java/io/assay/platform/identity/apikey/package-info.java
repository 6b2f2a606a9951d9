/** The credentials that pipelines carry in the place of a person's token: how they are spelled. */
@NullMarked
package io.assay.platform.identity.apikey;

import org.jspecify.annotations.NullMarked;
