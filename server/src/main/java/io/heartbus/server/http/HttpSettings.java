package io.heartbus.server.http;

/**
 * Where metrics and the API are served.
 *
 * @param host a name or an address of this machine
 * @param port 0 takes a free one
 */
public record HttpSettings(String host, int port, StreamSettings streams) {
  /** With the usual bounds. */
  public HttpSettings(String host, int port) {
    this(host, port, StreamSettings.USUAL);
  }
}
