package io.heartbus.client.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists the nodes that a server knows. */
@Command(
    name = "nodes",
    description = "Lists the nodes that a server knows, in the order of their ids.",
    mixinStandardHelpOptions = true)
final class NodesCommand implements Callable<Integer> {
  /** A state that a node can be in. */
  enum State {
    ONLINE,
    SUSPECT,
    HELD,
    OFFLINE
  }

  private static final int PAGE_NODES = 1000;

  private final Terminal terminal;

  @Mixin private ApiOptions http = new ApiOptions();

  @Option(names = "--state", description = "only nodes in it: ${COMPLETION-CANDIDATES}")
  private @Nullable State state;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "only ids that start so")
  private String prefix = "";

  @Option(names = "--group", paramLabel = "GROUP", description = "only nodes of this group")
  private String group = "";

  @Option(names = "--json", description = "one JSON object per line, as the server tells it")
  private boolean json;

  NodesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Api api = http.open()) {
      if (!json) {
        terminal.line(row("STATE", "SINCE", "RTT", "ADDRESS", "GROUP", "ID"));
      }
      String after = "";
      do {
        JsonNode page = api.get("/api/v1/nodes", query(after));
        for (JsonNode node : page.path("nodes")) {
          terminal.line(json ? node.toString() : row(node));
        }
        after = page.path("next").asString("");
      } while (!after.isEmpty());
      return 0;
    }
  }

  private Map<String, String> query(String after) {
    return Map.of(
        "state",
        state == null ? "" : state.name(),
        "prefix",
        prefix,
        "group",
        group,
        "after",
        after,
        "limit",
        String.valueOf(PAGE_NODES));
  }

  private static String row(JsonNode node) {
    return row(
        node.path("state").asString("?"),
        since(node.path("since").asString("")),
        roundTrip(node.path("rttMicros")),
        node.path("address").asString("-"),
        node.path("group").asString("-"),
        node.path("id").asString("?"));
  }

  private static String row(Object... columns) {
    // The id comes last, because only it may hold blanks.
    return String.format(Locale.ROOT, "%-8s %-8s %10s %-22s %-16s %s", columns).stripTrailing();
  }

  /** How long ago that moment is, for a person to read. */
  private static String since(String instant) {
    try {
      Duration age = Duration.between(Instant.parse(instant), Instant.now());
      return Texts.age(Math.max(0, age.toSeconds())).replace(" ", "");
    } catch (DateTimeParseException e) {
      return "-";
    }
  }

  private static String roundTrip(JsonNode micros) {
    return micros.isNumber() ? String.format(Locale.ROOT, "%.2fms", micros.asDouble() / 1000) : "-";
  }
}
