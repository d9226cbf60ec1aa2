package io.heartbus.server.interleaving;

import java.util.SplittableRandom;

/**
 * How the server of one round is set, drawn from the seed. The rules of the model follow from it.
 *
 * @param nodes how many slots there are for nodes
 * @param initialCredit the server's first grant on every channel
 * @param connectionBudget in bytes
 * @param channelsPerConnection how many a node may open, as far as the budget goes
 * @param messageBytesMax the largest message
 * @param queueMessages how many messages may wait for one receiver
 * @param controlFrames beyond what the interval implies; 0 = any number
 * @param ackEvery every how many beats are answered
 * @param relays whether nodes open channels to each other
 * @param tight whether the server may buffer so little that it holds back credit
 */
record Profile(
    int nodes,
    int initialCredit,
    int connectionBudget,
    int channelsPerConnection,
    int messageBytesMax,
    int queueMessages,
    int controlFrames,
    int ackEvery,
    boolean relays,
    boolean tight) {

  private static final int BUDGET_BYTES_USUAL = 256 * 1024;

  /** The channels to a node that others may have at once; far below what any budget allows. */
  static final int RELAYS_PER_TARGET_MAX = 6;

  static Profile of(SplittableRandom random) {
    boolean relays = random.nextBoolean();
    boolean small = !relays && random.nextBoolean();
    int initialCredit = small ? 1024 << random.nextInt(3) : 4096;
    boolean counted = !relays && random.nextInt(3) == 0;
    return new Profile(
        4 + random.nextInt(5),
        initialCredit,
        small ? initialCredit * (4 + random.nextInt(6)) : BUDGET_BYTES_USUAL,
        random.nextBoolean() ? 1024 : 3 + random.nextInt(12),
        random.nextBoolean() ? 8 * 1024 : 64 * 1024,
        3 + random.nextInt(20),
        counted ? 20 + random.nextInt(40) : 0,
        random.nextInt(4) == 0 ? random.nextInt(4) : 1,
        relays,
        !relays && random.nextInt(4) == 0);
  }

  /** How many channels fit into the budget, the default one counted. */
  int channelsByBudget() {
    return connectionBudget / initialCredit;
  }

  /** What the answer to REGISTER has to say. */
  int channelsMax() {
    return Math.min(channelsPerConnection, channelsByBudget() - 1);
  }

  /** The settings, below {@code heartbus.server}. */
  String settings() {
    return """
    listen { host = "127.0.0.1", port = 0 }
    http.port = 0
    heartbeat { check-interval = 20 ms, ack-every = %d }
    limits {
      takeovers = 0, control-frames = %d, connection-budget = %d, max-message = %d
      buffered-bytes = %s
    }
    channel {
      init-credit = %d, max-per-connection = %d, queue-size = %d
      routes = [
        { match = "echo", handler = echo }
        { match = "discard", handler = discard }
        { match = "hold", handler = hold }
        { match = "topic/block-*", handler = topic, overflow = block }
        { match = "topic/*", handler = topic }
        { match = "group/*", handler = group }
        { match = "node/*", handler = node }
        { match = "default", handler = discard }
      ]
    }
    """
        .formatted(
            ackEvery,
            controlFrames,
            connectionBudget,
            messageBytesMax,
            tight ? "24 KiB" : "64 MiB",
            initialCredit,
            channelsPerConnection,
            queueMessages);
  }
}
