package io.heartbus.client.cli;

import io.heartbus.client.ServerAddress;
import picocli.CommandLine.Option;

/** The option of every command that asks the server's HTTP interface. */
final class ApiOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "the server's http.host and http.port, default ${DEFAULT-VALUE}")
  private String address = "127.0.0.1:9502";

  Api open() {
    return new Api(ServerAddress.parse(address));
  }
}
