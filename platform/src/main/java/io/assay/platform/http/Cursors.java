package io.assay.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/**
 * Opaque keyset cursors: the sort key of the last item of a page, bound to the workspace and the
 * query that it pages, and to us by HMAC.
 */
@Singleton
public class Cursors {

  private static final int MAC_HEX = 32;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WorkspaceKeys keys;

  public Cursors(WorkspaceKeys keys) {
    this.keys = keys;
  }

  /**
   * The cursor behind an item.
   *
   * @param query what is paged: the route and every parameter but limit and cursor
   * @param key the sort key of the last item, one part a column
   */
  public String after(String workspace, String query, String... key) {
    try {
      var content = JSON.writeValueAsString(key);
      var text = mac(workspace, query, content) + content;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A key is text", e);
    }
  }

  /**
   * The sort key behind a cursor.
   *
   * @throws ProblemException {@code invalid-cursor} if we did not make it for this query
   */
  public List<String> key(String workspace, String query, String cursor) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (text.length() > MAC_HEX) {
        var content = text.substring(MAC_HEX);
        var expected = mac(workspace, query, content).getBytes(StandardCharsets.UTF_8);
        var received = text.substring(0, MAC_HEX).getBytes(StandardCharsets.UTF_8);
        if (MessageDigest.isEqual(expected, received)) {
          return List.of(JSON.readValue(content, String[].class));
        }
      }
    } catch (IllegalArgumentException | JsonProcessingException e) {
      // Not ours: answered below like a wrong MAC.
    }
    var detail = "This cursor was not answered to this query; send next as it was answered.";
    throw new ProblemException(Rejection.of("invalid-cursor", detail).at("#/query/cursor", detail));
  }

  private String mac(String workspace, String query, String content) {
    return keys.hmac(workspace, "cursor", query, content).substring(0, MAC_HEX);
  }
}
