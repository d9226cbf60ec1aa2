package io.heartbus.client;

/**
 * Where a server listens: a DNS name or an IP address, and a port. A name is resolved anew at every
 * attempt to connect, and all of its addresses are tried.
 *
 * @param host a name, an IPv4 address or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {
  /** The port of a server that nobody configured otherwise. */
  public static final int DEFAULT_PORT = 9501;

  public ServerAddress {
    if (host.isBlank()
        || host.chars().anyMatch(c -> c <= ' ' || c == '[' || c == ']' || c == '/')) {
      throw new IllegalArgumentException("server: \"" + host + "\" is no host name or address");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("server: port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Reads {@code host:port}, {@code [ipv6]:port}, or either without the port, which is then {@value
   * #DEFAULT_PORT}.
   *
   * @throws IllegalArgumentException when the text is none of these
   */
  public static ServerAddress parse(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0) {
        throw new IllegalArgumentException("server: \"" + text + "\" lacks the closing ]");
      }
      String rest = text.substring(end + 1);
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        throw new IllegalArgumentException("server: \"" + text + "\" is not [address]:port");
      }
      return new ServerAddress(text.substring(1, end), rest.isEmpty() ? DEFAULT_PORT : port(text));
    }
    int colon = text.indexOf(':');
    if (colon != text.lastIndexOf(':')) {
      throw new IllegalArgumentException(
          "server: \"" + text + "\": an IPv6 address stands in brackets, as in [::1]:9501");
    }
    return colon < 0
        ? new ServerAddress(text, DEFAULT_PORT)
        : new ServerAddress(text.substring(0, colon), port(text));
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "server: \"" + text + "\": what follows the last colon is no port number", e);
    }
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
