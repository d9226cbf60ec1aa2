package io.heartbus.loadtest;

import java.time.Duration;

/**
 * The messages of a run, which go beside its beats. Immutable.
 *
 * @param messageBytes what one message holds
 * @param drain how long, after the last message was due, those under way are waited for
 */
record Traffic(int messageBytes, Echo echo, Fanout fanout, Stuck stuck, Duration drain) {
  /** The largest message; a server takes this much by default. */
  static final int MESSAGE_BYTES_MAX = 10 * 1024 * 1024;

  /**
   * Messages that come back on the channel on which they left.
   *
   * @param channels for each node; 0 means no such messages
   * @param window in a closed loop, how many are under way on each channel
   * @param perSecond of all nodes together, an open loop; 0 means a closed loop
   */
  record Echo(int channels, int window, double perSecond) {
    static final Echo NONE = new Echo(0, 1, 0);
  }

  /**
   * Messages that some nodes publish and others get.
   *
   * @param publishers the first nodes; 0 means no such messages
   * @param members the nodes that follow those
   * @param slowMembers how many of the members, the last ones, are slow
   * @param slowPerSecond messages that each of these takes
   * @param topics over which publishers and members are spread evenly
   * @param perSecond published by all publishers together, an open loop
   */
  record Fanout(
      int publishers,
      int members,
      int slowMembers,
      double slowPerSecond,
      int topics,
      double perSecond) {
    static final Fanout NONE = new Fanout(0, 0, 0, 1, 1, 1);
  }

  /**
   * Channels that are filled and left, because nobody takes from them.
   *
   * @param channels for each node
   * @param name of the channels; the server needs a route for it that never reads
   */
  record Stuck(int channels, String name) {
    static final Stuck NONE = new Stuck(0, "");
  }

  /** No messages at all. */
  static final Traffic NONE =
      new Traffic(Stamp.BYTES, Echo.NONE, Fanout.NONE, Stuck.NONE, Duration.ZERO);

  /** Whether messages leave and are expected somewhere. */
  boolean any() {
    return echo.channels() > 0 || fanout.publishers() > 0;
  }

  /** Complains about what so many nodes cannot do. */
  void check(int nodes) {
    require(
        (long) nodes * (echo.channels() + 1) <= Integer.MAX_VALUE,
        "channels: over 2^31 of them on all nodes together");
    if (fanout.publishers() == 0) {
      return;
    }
    require(
        fanout.members() >= 1 && fanout.publishers() <= nodes - fanout.members(),
        "members, publishers: "
            + nodes
            + " nodes have to be enough for both, and for one of each at least");
    require(fanout.slowMembers() <= fanout.members(), "slow-members: more than there are members");
    require(
        fanout.topics() <= Math.min(fanout.publishers(), fanout.members()),
        "topics: each needs a publisher and a member at least");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
