package io.heartbus.client.cli;

import io.heartbus.client.Channel;
import io.heartbus.client.ChannelClosedException;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one message to one node and prints what it answers. */
@Command(
    name = "send",
    description = {
      "Sends one message to a node and prints its answers, one per line.",
      "Ends well when that node ended the channel in the ordinary way, so it has read the message."
    },
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private BusOptions bus = new BusOptions();

  @Option(names = "--to", paramLabel = "NODE", required = true, description = "the node's id")
  private String to = "";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "how long the node may take, default ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(5);

  @Parameters(paramLabel = "TEXT|-", description = "the message, or - for all of standard input")
  private String text = "";

  SendCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    byte[] message = terminal.message(text);
    try (HeartbeatClient client = Guest.connect(bus)) {
      Channel channel = client.open("node/" + to, wait);
      channel.sendLast(message, wait);
      Optional<byte[]> answer = channel.receive(wait);
      while (answer.isPresent()) {
        terminal.line(Terminal.text(answer.get()));
        answer = channel.receive(wait);
      }
      throw new IOException(
          to + " did not finish within " + Texts.duration(wait) + "; it may have the message");
    } catch (ChannelClosedException e) {
      if (e.error() == ErrorCode.NORMAL) {
        return 0;
      }
      throw e;
    }
  }
}
