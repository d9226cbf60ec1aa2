package io.heartbus.client.cli;

import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** A node that is on the bus only for one command. */
final class Guest {
  private Guest() {}

  /**
   * Connects under an id of its own, {@code cli-} and a random number, and stays away when lost.
   */
  static HeartbeatClient connect(BusOptions bus) throws IOException, InterruptedException {
    String id = "cli-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    ClientOptions options = bus.read().withNodeId(id).withReconnectEnabled(false);
    return HeartbeatClient.connect(options);
  }
}
