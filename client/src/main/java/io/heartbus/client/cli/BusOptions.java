package io.heartbus.client.cli;

import io.heartbus.client.ClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that connects to the bus. */
final class BusOptions {
  private static final Path DEFAULT_FILE = Path.of("conf", "client.conf");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON with a section heartbus.client; default: conf/client.conf if it exists")
  private @Nullable Path config;

  @Option(
      names = {"-s", "--server"},
      paramLabel = "HOST:PORT",
      description = "where to connect; may be repeated")
  private List<String> servers = List.of();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "the server's auth.token; other users of this machine can see arguments")
  private @Nullable String token;

  /** What the file says, with the command's own options on top. */
  ClientOptions read() {
    ClientOptions options = ClientOptions.defaults();
    if (config != null) {
      options = load(config);
    } else if (Files.exists(DEFAULT_FILE)) {
      options = load(DEFAULT_FILE);
    }
    if (!servers.isEmpty()) {
      options = options.withServers(servers.toArray(String[]::new));
    }
    return token == null ? options : options.withToken(token);
  }

  /** A file that is not there is wrong usage, as one with faults in it is. */
  private static ClientOptions load(Path file) {
    try {
      return ClientOptions.load(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
    }
  }
}
