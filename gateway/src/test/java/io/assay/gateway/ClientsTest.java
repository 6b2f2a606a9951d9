package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.simple.SimpleHttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsTest {

  private static final List<String> PROXIES = List.of("10.0.0.0/8", "fd00::/8", "192.0.2.1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "198.51.100.7 | 203.0.113.9             | 198.51.100.7",
        "10.1.2.3     | 203.0.113.9             | 203.0.113.9",
        "10.1.2.3     | 203.0.113.9:4711        | 203.0.113.9",
        "10.1.2.3     | 6.6.6.6, 203.0.113.9    | 203.0.113.9",
        "10.1.2.3     | 203.0.113.9, 192.0.2.1  | 203.0.113.9",
        "10.1.2.3     | 203.0.113.9, unknown    | none",
        "10.1.2.3     | evil.example, 10.9.9.9  | 10.9.9.9",
        "10.1.2.3     | ''                      | none",
        "fd00::1      | 2001:db8:1:2:3:4:5:6    | 20010db800010002::/64",
        "fd00::1      | [2001:db8:1:2::9]:443   | 20010db800010002::/64",
        "2001:db8::1  | 203.0.113.9             | 20010db800000000::/64"
      })
  void an_address_is_the_nearest_that_no_declared_proxy_has(
      String peer, String header, String client) {
    assertThat(clients("x-forwarded").address(request(peer, Map.of("X-Forwarded-For", header))))
        .isEqualTo("none".equals(client) ? Optional.empty() : Optional.of(client));
  }

  @Test
  void only_the_header_that_the_proxy_writes_is_read() {
    var both = Map.of("X-Forwarded-For", "203.0.113.1", "Forwarded", "for=203.0.113.2;proto=https");
    assertThat(clients("x-forwarded").address(request("10.1.1.1", both))).hasValue("203.0.113.1");
    assertThat(clients("x-forwarded").secure(request("10.1.1.1", both))).isFalse();
    assertThat(clients("forwarded").address(request("10.1.1.1", both))).hasValue("203.0.113.2");
    assertThat(clients("forwarded").secure(request("10.1.1.1", both))).isTrue();
    assertThat(clients("forwarded").secure(request("198.51.100.7", both))).isFalse();
  }

  @Test
  void a_quoted_address_of_version_six_is_read() {
    assertThat(
            clients("forwarded")
                .address(
                    request("10.1.1.1", Map.of("Forwarded", "for=\"[2001:db8:1:2::1]:4711\""))))
        .hasValue("20010db800010002::/64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", "10.0.0/"})
  void what_is_no_network_is_refused_at_the_start(String trusted) {
    assertThatThrownBy(() -> new Clients(new ProxyConfiguration(List.of(trusted), "x-forwarded")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(trusted);
  }

  private static Clients clients(String header) {
    return new Clients(new ProxyConfiguration(PROXIES, header));
  }

  private static HttpRequest<?> request(String peer, Map<String, String> headers) {
    var request =
        new SimpleHttpRequest<>(HttpMethod.GET, "/", null) {
          @Override
          public InetSocketAddress getRemoteAddress() {
            return new InetSocketAddress(peer, 1234);
          }
        };
    headers.forEach(request::header);
    return request;
  }
}
