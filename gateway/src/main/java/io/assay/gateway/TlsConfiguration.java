package io.assay.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS at the gateway itself. Read at the start; a new certificate takes a restart.
 *
 * @param certificateFile the certificate and those that vouch for it, PEM
 * @param keyFile its private key, PEM, PKCS #8, not encrypted, readable by nobody else
 */
@ConfigurationProperties("assay.tls")
@Requires(property = "assay.tls.certificate-file")
record TlsConfiguration(Path certificateFile, @Nullable Path keyFile) {}
