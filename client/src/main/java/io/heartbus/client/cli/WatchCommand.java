package io.heartbus.client.cli;

import io.heartbus.client.Backoff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Follows who comes and goes. */
@Command(
    name = "watch",
    description = {
      "Prints one line for every node that comes, goes, falls silent or is replaced, until Ctrl-C.",
      "Goes on where it was after a lost connection; what the server has forgotten by then is told"
          + " as a gap."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final Terminal terminal;

  @Mixin private ApiOptions http = new ApiOptions();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "only online, suspect, offline, replaced, mass_loss or stall")
  private String type = "";

  @Option(names = "--group", paramLabel = "GROUP", description = "only nodes of this group")
  private String group = "";

  @Option(names = "--prefix", paramLabel = "TEXT", description = "only ids that start so")
  private String prefix = "";

  @Option(
      names = "--after",
      paramLabel = "SEQ",
      description = "start behind this event, 0 = at the oldest")
  private String after = "";

  @Option(names = "--json", description = "one JSON object per line, as the server tells it")
  private boolean json;

  private String position = "";

  /** The log that the position is of; empty while that is not known. */
  private String epoch = "";

  /** Whether the server has ever told something. */
  private boolean begun;

  private int failures;

  WatchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    position = after;
    try (Api api = http.open()) {
      while (true) {
        follow(api);
        if (begun && epoch.isEmpty()) {
          // It begins anew, at once; if that is refused, too, it has failed.
          follow(api);
        }
        failures++;
        Duration wait = BACKOFF.delay(failures, ThreadLocalRandom.current());
        terminal.line("# connection lost, again in " + Texts.duration(wait));
        TimeUnit.NANOSECONDS.sleep(wait.toNanos());
      }
    }
  }

  /** Follows one connection until it ends; the first one has to come about. */
  private void follow(Api api) throws IOException, InterruptedException {
    EventStream events = new EventStream();
    try (Stream<String> lines = open(api)) {
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        EventStream.Event event = events.line(each.next());
        if (event != null) {
          failures = 0;
          print(event, api.parse(event.data()));
        }
        position = events.position().isEmpty() ? position : events.position();
      }
    } catch (UncheckedIOException e) {
      // The connection broke while waiting for a line.
    } catch (Api.Refused otherwise) {
      beginAnew(otherwise);
    } catch (IOException e) {
      if (!begun || e instanceof Terminal.NobodyReads) {
        throw e;
      }
    }
  }

  /** What the server took before it refuses now, so it has another log; or else it is an error. */
  private void beginAnew(Api.Refused refusal) throws IOException {
    if (epoch.isEmpty()) {
      throw refusal;
    }
    terminal.line("# the server was started anew; events behind " + position + " are lost");
    position = "0";
    epoch = "";
  }

  private Stream<String> open(Api api) throws IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("epoch", epoch);
    query.put("type", type);
    query.put("group", group);
    query.put("prefix", prefix);
    return api.follow("/api/v1/events", query, position);
  }

  private void print(EventStream.Event event, JsonNode data) throws IOException {
    switch (event.type()) {
      case "log" -> {
        String log = data.path("epoch").asString("");
        if (!epoch.isEmpty() && !log.equals(epoch)) {
          terminal.line("# the log has another name from here on: " + log);
        }
        epoch = log;
        begun = true;
      }
      case "gap" ->
          terminal.line(
              "# gap: events "
                  + data.path("from").asString()
                  + " to "
                  + data.path("to").asString());
      default -> terminal.line(json ? data.toString() : line(data));
    }
  }

  private static String line(JsonNode event) {
    StringBuilder line = new StringBuilder();
    line.append(event.path("time").asString("-"));
    line.append(' ').append(event.path("type").asString("?"));
    for (String field : new String[] {"node", "cause", "group", "silenceMs", "detail"}) {
      JsonNode value = event.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        String text = value.isString() ? value.asString() : value.toString();
        line.append(' ').append(field).append('=').append(text);
      }
    }
    return line.toString();
  }
}
