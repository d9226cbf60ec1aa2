package io.heartbus.client;

import io.heartbus.protocol.Wire;

/**
 * What a client's channels may hold in memory. A channel that nobody reads keeps at most {@code
 * initialCredit} bytes, one that is read at most {@code messageBytesMax} more.
 *
 * @param messageBytesMax the longest message, sent or received; an incoming one that is longer
 *     resets its channel
 * @param initialCredit bytes (each frame counts 64 extra) that the other side may send before this
 *     side takes them: lower costs throughput over long lines, higher costs memory per channel
 * @param incomingMax channels opened by the server whose handlers run at the same time; more are
 *     refused
 */
public record ChannelOptions(int messageBytesMax, int initialCredit, int incomingMax) {
  private static final int MESSAGE_BYTES_LIMIT = 1 << 30;

  /**
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public ChannelOptions {
    Ranges.check("channels.messageBytesMax", messageBytesMax, 1, MESSAGE_BYTES_LIMIT);
    Ranges.check(
        "channels.initialCredit", initialCredit, Wire.INITIAL_CREDIT_MIN, Integer.MAX_VALUE);
    Ranges.check("channels.incomingMax", incomingMax, 1, 1_000_000);
  }

  /** Messages up to 10 MiB, 64 KiB of credit, 1,024 incoming channels. */
  public static ChannelOptions defaults() {
    return new ChannelOptions(10 * 1024 * 1024, 64 * 1024, 1024);
  }
}
