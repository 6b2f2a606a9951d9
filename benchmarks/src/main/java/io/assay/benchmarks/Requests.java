package io.assay.benchmarks;

import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one caller over kept connections. Its threads block, which costs the machine that it
 * shares with what is measured a fraction of what a selector and its hand-overs do.
 */
final class Requests implements AutoCloseable {

  /**
   * What came back.
   *
   * @param position that a write had in the log, where it is said
   */
  record Answer(int status, byte[] body, @Nullable String position) {}

  private final CloseableHttpClient http;

  /**
   * @param connections that may be used at a time, to one server
   */
  Requests(int connections) {
    this.http =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(connections)
                    .setMaxConnTotal(connections * 4)
                    .build())
            .disableAutomaticRetries()
            .disableAuthCaching()
            .disableCookieManagement()
            .disableContentCompression()
            .disableRedirectHandling()
            .build();
  }

  Answer get(URI address, String authorization) throws IOException {
    return send(ClassicRequestBuilder.get(address), authorization);
  }

  /** What is as new as a position at least. */
  Answer get(URI address, String authorization, String position) throws IOException {
    return send(
        ClassicRequestBuilder.get(address).addHeader("Assay-Min-Position", position),
        authorization);
  }

  Answer post(URI address, String authorization, String body) throws IOException {
    return send(
        ClassicRequestBuilder.post(address).setEntity(body, ContentType.APPLICATION_JSON),
        authorization);
  }

  private Answer send(ClassicRequestBuilder request, String authorization) throws IOException {
    ClassicHttpRequest built = request.addHeader("Authorization", authorization).build();
    return http.execute(
        built,
        response -> {
          var body = EntityUtils.toByteArray(response.getEntity());
          Header position = response.getFirstHeader("Assay-Position");
          return new Answer(
              response.getCode(),
              body == null ? new byte[0] : body,
              position == null ? null : position.getValue());
        });
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
