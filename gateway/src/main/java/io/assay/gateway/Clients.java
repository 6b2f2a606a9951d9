package io.assay.gateway;

import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is at the other end, past the proxies that are declared. What a client says about itself
 * counts for nothing.
 */
@Singleton
class Clients {

  private static final String FORWARDED = "Forwarded";
  private static final String X_FOR = "X-Forwarded-For";
  private static final String X_PROTO = "X-Forwarded-Proto";

  /** Of an IPv6 address, what one customer usually has. */
  private static final int CUSTOMER_BYTES = 8;

  private final List<Network> trusted;
  private final boolean rfc7239;

  Clients(ProxyConfiguration proxy) {
    this.trusted =
        proxy.trusted().stream().filter(it -> !it.isBlank()).map(Clients::network).toList();
    this.rfc7239 =
        switch (proxy.header()) {
          case "forwarded" -> true;
          case "x-forwarded" -> false;
          default ->
              throw new ConfigurationException(
                  "assay.proxy.header is x-forwarded or forwarded, not " + proxy.header());
        };
  }

  /** Whether a proxy is declared. */
  boolean behindProxy() {
    return !trusted.isEmpty();
  }

  /**
   * What the requests of one client have in common: its address, or of an IPv6 address the network.
   * Empty for a declared proxy that speaks for itself.
   */
  Optional<String> address(HttpRequest<?> request) {
    var peer = request.getRemoteAddress().getAddress();
    if (peer == null || !trusted(peer)) {
      return Optional.of(peer == null ? "unknown" : spelled(peer));
    }
    var chain = rfc7239 ? forwarded(request, "for") : listed(request, X_FOR);
    Optional<String> known = Optional.empty();
    for (var hop : chain.reversed()) {
      var address = Network.address(withoutPort(hop));
      if (address.isEmpty()) {
        return known;
      }
      known = address.map(Clients::spelled);
      if (!trusted(address.get())) {
        return known;
      }
    }
    return known;
  }

  /** Whether the client came to the outermost proxy, or to us, by TLS. */
  boolean secure(HttpRequest<?> request) {
    if (request.isSecure()) {
      return true;
    }
    var peer = request.getRemoteAddress().getAddress();
    if (peer == null || !trusted(peer)) {
      return false;
    }
    var protocols = rfc7239 ? forwarded(request, "proto") : listed(request, X_PROTO);
    return !protocols.isEmpty() && protocols.getLast().equalsIgnoreCase("https");
  }

  private boolean trusted(InetAddress address) {
    return trusted.stream().anyMatch(network -> network.contains(address));
  }

  private static List<String> listed(HttpRequest<?> request, String header) {
    var values = new ArrayList<String>();
    for (var line : request.getHeaders().getAll(header)) {
      for (var value : line.split(",", -1)) {
        values.add(value.strip());
      }
    }
    return values;
  }

  /** One parameter of every hop that has it (RFC 7239, section 4). */
  private static List<String> forwarded(HttpRequest<?> request, String parameter) {
    var values = new ArrayList<String>();
    for (var hop : listed(request, FORWARDED)) {
      for (var pair : hop.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0
            && pair.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals(parameter)) {
          values.add(pair.substring(equals + 1).strip().replace("\"", ""));
        }
      }
    }
    return values;
  }

  private static String withoutPort(String hop) {
    int bracket = hop.indexOf(']');
    if (hop.startsWith("[") && bracket > 0) {
      return hop.substring(1, bracket);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }

  private static String spelled(InetAddress address) {
    if (address instanceof Inet6Address) {
      var text = new StringBuilder();
      var bytes = address.getAddress();
      for (int i = 0; i < CUSTOMER_BYTES; i++) {
        text.append(Character.forDigit(bytes[i] >> 4 & 0xf, 16))
            .append(Character.forDigit(bytes[i] & 0xf, 16));
      }
      return text.append("::/64").toString();
    }
    return address.getHostAddress();
  }

  private static Network network(String text) {
    try {
      return Network.of(text.strip());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("assay.proxy.trusted: " + e.getMessage(), e);
    }
  }
}
