package io.heartbus.client.cli;

import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows a server's numbers again and again. */
@Command(
    name = "top",
    description = {
      "Shows a server's numbers until Ctrl-C: in place on a terminal, else one line each time."
    },
    mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
  private static final String HOME_AND_CLEAR = "\u001B[H\u001B[2J";

  private final Terminal terminal;

  @Mixin private ApiOptions http = new ApiOptions();

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "how often, default ${DEFAULT-VALUE}")
  private Duration interval = Duration.ofSeconds(2);

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "how many times, default: until it is stopped")
  private long count = Long.MAX_VALUE;

  TopCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean inPlace = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    try (Api api = http.open()) {
      for (long i = 0; i < count; i++) {
        if (i > 0) {
          TimeUnit.NANOSECONDS.sleep(interval.toNanos());
        }
        JsonNode summary = api.get("/api/v1/summary", Map.of());
        if (inPlace) {
          terminal.raw(HOME_AND_CLEAR + screen(summary));
        } else {
          terminal.line(line(summary));
        }
      }
      return 0;
    }
  }

  private static String screen(JsonNode summary) {
    StringBuilder screen = new StringBuilder();
    screen.append(
        String.format(
            Locale.ROOT,
            "heartbus %s, up %s%n%n",
            summary.path("version").asString("?"),
            Texts.age(summary.path("uptimeSeconds").asLong(0))));
    JsonNode nodes = summary.path("nodes");
    for (NodesCommand.State state : NodesCommand.State.values()) {
      row(screen, state.name().toLowerCase(Locale.ROOT), nodes.path(state.name()));
    }
    row(screen, "connections", summary.path("connections"));
    row(screen, "channels", summary.path("channels"));
    row(screen, "heartbeats/s", summary.path("heartbeatsPerSecond"));
    row(screen, "messages/s", summary.path("messagesPerSecond"));
    JsonNode detection = summary.path("detection");
    row(screen, "detection promised ms", detection.path("promisedMs"));
    row(screen, "detection p99 ms", detection.path("p99Ms"));
    return screen.toString();
  }

  private static void row(StringBuilder screen, String name, JsonNode value) {
    screen.append(String.format(Locale.ROOT, "  %-22s %14s%n", name, number(value)));
  }

  private static String line(JsonNode summary) {
    StringBuilder line = new StringBuilder();
    for (NodesCommand.State state : NodesCommand.State.values()) {
      String name = state.name().toLowerCase(Locale.ROOT);
      line.append(name).append('=');
      line.append(summary.path("nodes").path(state.name()).asLong(0)).append(' ');
    }
    for (String name :
        new String[] {"connections", "channels", "heartbeatsPerSecond", "messagesPerSecond"}) {
      line.append(name).append('=').append(plain(summary.path(name))).append(' ');
    }
    return line.append("detectionP99Ms=")
        .append(plain(summary.path("detection").path("p99Ms")))
        .toString();
  }

  private static String number(JsonNode value) {
    if (!value.isNumber()) {
      return "-";
    }
    return value.isIntegralNumber()
        ? String.format(Locale.ROOT, "%,d", value.asLong())
        : String.format(Locale.ROOT, "%,.1f", value.asDouble());
  }

  private static String plain(JsonNode value) {
    return value.isNumber() ? value.asString() : "-";
  }
}
