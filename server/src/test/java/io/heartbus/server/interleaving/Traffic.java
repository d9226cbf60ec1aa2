package io.heartbus.server.interleaving;

import java.util.ArrayDeque;
import java.util.Arrays;

/** What a route does with the messages of one channel. */
interface Traffic {
  /** The channel is open, as its node has just read. */
  default void confirmed() {}

  /** A whole message was sent to the server, and will be handled unless it is cut off. */
  void sent(byte[] message);

  /** The server sent a whole message. */
  void received(byte[] message);

  /** The node gave credit. */
  default void credited(long delta) {}

  /** The server says that it dropped so many. */
  default void dropped(long messages) {
    throw new AssertionError("DROPPED on a route that drops nothing");
  }

  /** The node will send no more messages. */
  default void ended() {}

  /** The server sends no more messages. */
  default void serverEnds() {}

  /** The channel is over, and whatever was sent before and still waits may not be handled. */
  default void cutOff(int code) {}

  /** The connection was cut after the channel's end was sent, which may not have been read. */
  default void connectionCut() {}

  /** The channel is over, but what was sent before will be handled. */
  default void left() {}

  /** Both sides have closed it in peace. */
  default void closed() {}

  /** What must have happened by now on an open channel and has not; empty when nothing. */
  default String unmet() {
    return "";
  }

  /** A route that sends nothing. */
  final class Silent implements Traffic {
    @Override
    public void sent(byte[] message) {}

    @Override
    public void received(byte[] message) {
      throw new AssertionError("a message from a route that sends none");
    }
  }

  /** Every message comes back, in order. */
  final class Echo implements Traffic {
    private final ArrayDeque<byte[]> expected = new ArrayDeque<>();
    private final World world;

    Echo(World world) {
      this.world = world;
    }

    @Override
    public void sent(byte[] message) {
      expected.add(message);
    }

    @Override
    public void received(byte[] message) {
      byte[] next = expected.poll();
      if (!Arrays.equals(next, message)) {
        throw new AssertionError("another echo than what was sent");
      }
      world.checked++;
    }

    @Override
    public void closed() {
      if (!expected.isEmpty()) {
        throw new AssertionError("closed with " + expected.size() + " echoes missing");
      }
    }

    @Override
    public String unmet() {
      return expected.isEmpty() ? "" : expected.size() + " echoes missing";
    }
  }
}
