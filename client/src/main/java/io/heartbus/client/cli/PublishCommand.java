package io.heartbus.client.cli;

import io.heartbus.client.Channel;
import io.heartbus.client.ChannelClosedException;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes one message to a topic. */
@Command(
    name = "publish",
    description = {
      "Publishes one message to everybody who is subscribed to a topic.",
      "Ends well when the server has read it; that somebody is subscribed is not asked."
    },
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private BusOptions bus = new BusOptions();

  @Option(names = "--topic", paramLabel = "TOPIC", required = true, description = "its name")
  private String topic = "";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "how long the server may take, default ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(5);

  @Parameters(paramLabel = "TEXT|-", description = "the message, or - for all of standard input")
  private String text = "";

  PublishCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    byte[] message = terminal.message(text);
    try (HeartbeatClient client = Guest.connect(bus)) {
      Channel channel = client.openToSend("topic/" + topic, wait);
      channel.sendLast(message, wait);
      // With the answer the server has read the message, and has refused it or not.
      client.ping(wait);
      channel.receive(Duration.ZERO);
      return 0;
    } catch (ChannelClosedException e) {
      if (e.error() == ErrorCode.NORMAL) {
        return 0;
      }
      throw e;
    }
  }
}
