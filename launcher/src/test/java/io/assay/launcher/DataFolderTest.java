package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir Path folder;

  @Test
  void aFolderInUseIsRefusedInOneLineThatSaysWhoHasIt() {
    var data = new DataFolder(folder);
    try (var lock = data.lock()) {
      data.write(new DataFolder.State(4711, "http://127.0.0.1:1", "http://127.0.0.1:2", false));

      assertThat(data.isLocked()).isTrue();
      assertThatThrownBy(data::lock)
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("in use by process 4711")
          .hasMessageNotContaining("\n");
    }
    assertThat(data.isLocked()).isFalse();
    data.lock().close();
  }

  @Test
  void aSecretIsMintedOnceAndOnlyItsOwnerReadsIt() throws IOException {
    var data = new DataFolder(folder);
    try (var lock = data.lock()) {
      var secret = data.secret("master");

      assertThat(secret).hasSize(43).isEqualTo(data.secret("master"));
      assertThat(secret).isNotEqualTo(data.secret("other"));
      assertThat(Files.getPosixFilePermissions(data.secretFile("master")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void theStateIsReadAsItWasWritten() {
    var data = new DataFolder(folder);
    var state = new DataFolder.State(7, "http://127.0.0.1:8080", "http://127.0.0.1:9", true);

    assertThat(data.state()).isEmpty();
    data.write(state);
    assertThat(data.state()).contains(state);
    data.forgetState();
    assertThat(data.state()).isEmpty();
  }

  @Test
  void aTakenPortIsRefusedInOneLineThatNamesIt() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Ports.require(socket.getLocalPort()))
          .isInstanceOf(CannotStart.class)
          .hasMessage("Port " + socket.getLocalPort() + " is taken: choose another with --port.");
    }
  }

  @Test
  void freePortsAreDistinct() {
    assertThat(Ports.free(20)).doesNotHaveDuplicates();
  }
}
