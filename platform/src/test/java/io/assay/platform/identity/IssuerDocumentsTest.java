package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.exceptions.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerDocumentsTest {

  @TempDir private static Path folder;

  private static PrivateServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new PrivateServer(folder);
    server.publish("/keys", () -> "the keys");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void what_its_own_authority_vouches_for_is_read_with_a_token_that_is_read_each_time()
      throws IOException {
    var token = Files.writeString(folder.resolve("token"), "first\n");
    var documents = new IssuerDocuments(server.authority(), token);
    assertThat(read(documents, server.at("/keys"))).isEqualTo("the keys");

    server.token = "second";
    try {
      assertThatThrownBy(() -> read(documents, server.at("/keys"))).hasMessageContaining("401");
      Files.writeString(token, "second");
      assertThat(read(documents, server.at("/keys"))).isEqualTo("the keys");
    } finally {
      server.token = "first";
    }
  }

  @Test
  void what_another_authority_vouches_for_is_not_believed() throws Exception {
    try (var other = new PrivateServer(folder)) {
      assertThatThrownBy(
              () -> read(new IssuerDocuments(other.authority(), null), server.at("/keys")))
          .isInstanceOf(SSLHandshakeException.class);
    }
    assertThatThrownBy(() -> read(new IssuerDocuments(null, null), server.at("/keys")))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void a_token_is_shown_to_nobody_else() throws Exception {
    var token = Files.writeString(folder.resolve("secret"), "first");
    var documents = new IssuerDocuments(server.authority(), token);
    assertThatThrownBy(() -> read(documents, URI.create("http://127.0.0.1:1/keys")))
        .hasMessageContaining("over TLS only");

    var asked = new AtomicInteger();
    server.publish("/elsewhere", () -> "asked " + asked.incrementAndGet());
    server.redirect("/moved", server.at("/elsewhere"));
    assertThatThrownBy(() -> read(documents, server.at("/moved"))).hasMessageContaining("302");
    assertThat(asked).hasValue(0);
    assertThat(read(documents, server.at("/elsewhere"))).isEqualTo("asked 1");
  }

  @Test
  void files_that_are_of_no_use_are_named() throws IOException {
    var none = folder.resolve("none");
    assertThatThrownBy(() -> new IssuerDocuments(none, null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(none + " holds no PEM certificate");
    var empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> new IssuerDocuments(empty, null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(empty + " holds no PEM certificate");
    assertThatThrownBy(() -> new IssuerDocuments(null, none))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(none + " cannot be read");
  }

  private static String read(IssuerDocuments documents, URI address) throws IOException {
    return documents.retrieveResource(address.toURL()).getContent();
  }
}
