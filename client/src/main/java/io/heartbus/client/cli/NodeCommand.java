package io.heartbus.client.cli;

import io.heartbus.client.Channel;
import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a node until it is told to stop, and prints what happens to it. */
@Command(
    name = "node",
    description = {
      "Runs a node: registers, beats, prints state changes and messages one per line.",
      "Lines start with `state` or with `message CHANNEL`. Ctrl-C leaves the bus in good order."
    },
    mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private BusOptions bus = new BusOptions();

  @Option(names = "--id", paramLabel = "ID", description = "who this node is; default: random")
  private @Nullable String id;

  @Option(
      names = "--meta",
      paramLabel = "KEY=VALUE",
      description = "metadata; may be repeated, replaces the file's")
  private Map<String, String> metadata = Map.of();

  @Option(names = "--group", paramLabel = "GROUP", description = "a label such as a zone or rack")
  private @Nullable String group;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "the heartbeat interval to ask for, as 10s; default: the server's choice")
  private @Nullable Duration interval;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "the heartbeat timeout to ask for, as 30s; default: the server's choice")
  private @Nullable Duration timeout;

  @Option(
      names = "--subscribe",
      paramLabel = "TOPIC",
      description = "print the messages of this topic; may be repeated")
  private List<String> topics = List.of();

  @Option(names = "--print-frames", description = "print every frame that comes and goes, too")
  private boolean printFrames;

  NodeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (printFrames) {
      printFrames();
    }
    NodeMonitor monitor = new NodeMonitor(terminal);
    HeartbeatClient client = HeartbeatClient.connect(options(), monitor, monitor);
    Thread goodbye = new Thread(() -> leave(client, monitor));
    Runtime.getRuntime().addShutdownHook(goodbye);
    try (client) {
      listen(client.defaultChannel(), monitor);
      topics.forEach(topic -> subscribe(client, topic, monitor));
      return monitor.awaitEnd();
    } finally {
      forget(goodbye);
    }
  }

  private ClientOptions options() {
    ClientOptions options = bus.read();
    if (id != null) {
      options = options.withNodeId(id);
    }
    if (!metadata.isEmpty()) {
      options = options.withMetadata(metadata);
    }
    if (group != null) {
      options = options.withGroup(group);
    }
    return options.withHeartbeat(
        interval == null ? options.heartbeatInterval() : interval,
        timeout == null ? options.heartbeatTimeout() : timeout);
  }

  private static void listen(Channel channel, NodeMonitor monitor) {
    Thread.ofVirtual().name("listen-" + channel.name()).start(() -> monitor.printAll(channel));
  }

  private static void subscribe(HeartbeatClient client, String topic, NodeMonitor monitor) {
    Thread.ofVirtual()
        .name("subscribe-" + topic)
        .start(() -> {
          try (Channel channel = client.open("topic/" + topic)) {
            monitor.subscribed(channel);
            monitor.printAll(channel);
          } catch (IOException | IllegalArgumentException e) {
            monitor.failed("topic/" + topic, e);
          } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
          }
        });
  }

  /** The JVM is told to end: by Ctrl-C, which is no failure, or by a command that is done. */
  private static void leave(HeartbeatClient client, NodeMonitor monitor) {
    client.close();
    monitor.awaitClosed();
    Runtime.getRuntime().halt(0);
  }

  private static void forget(Thread goodbye) {
    try {
      Runtime.getRuntime().removeShutdownHook(goodbye);
    } catch (IllegalStateException theJvmIsEnding) {
      // Then the hook is running, and does what is needed.
    }
  }

  /** Has to come before the first logger is made. */
  private static void printFrames() {
    System.setProperty("org.slf4j.simpleLogger.log.io.heartbus.client.frames", "trace");
    System.setProperty("org.slf4j.simpleLogger.logFile", "System.out");
    System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
    System.setProperty("org.slf4j.simpleLogger.showLogName", "false");
  }
}
