package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Wire;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ids of one connection's channels: odd ones the node's, even ones the server's, ascending, and
 * none used twice. Because of that no memory of closed ones is needed. Guarded by the set's lock.
 */
final class ChannelIds {
  private final int ofNodeMax;
  private final int openMax;

  /** In the order in which they were opened. */
  private final Map<Long, ServerChannel> open = new LinkedHashMap<>(2);

  private final Set<Long> unanswered = new HashSet<>(2);
  private long highestOfNode = Wire.DEFAULT_CHANNEL;
  private long highestOfServer;
  private int ofNode;
  private int ofServer;

  /**
   * No ids but the default one's.
   *
   * @param ofNodeMax how many channels of the node may be open, the default one not counted
   * @param openMax for how many channels the connection's budget lasts, the default one counted
   */
  ChannelIds(int ofNodeMax, int openMax) {
    this.ofNodeMax = ofNodeMax;
    this.openMax = openMax;
  }

  /** Uses up an id that the node chose. Returns why it must not be opened, or null. */
  @Nullable ErrorCode claim(long id) {
    if (open.containsKey(id)) {
      return ErrorCode.IN_USE;
    }
    if (id % 2 == 0 || id <= highestOfNode) {
      return ErrorCode.BAD_ID;
    }
    highestOfNode = id;
    return ofNode < ofNodeMax && withinBudget() ? null : ErrorCode.LIMIT;
  }

  /** How many channels the node may have, the default one counted. */
  int most() {
    return Math.min(ofNodeMax + 1, openMax);
  }

  private boolean withinBudget() {
    return open.size() < openMax;
  }

  /** Whether the server may open one more; half of the budget is left to the node. */
  boolean mayOpen() {
    return withinBudget() && ofServer < openMax / 2;
  }

  /** The next id of the server's, which the node has to answer. */
  long next() {
    highestOfServer += 2;
    unanswered.add(highestOfServer);
    return highestOfServer;
  }

  /** Notes the node's answer; false when there is none to be given. */
  boolean answer(long id) {
    return unanswered.remove(id);
  }

  void add(ServerChannel channel) {
    open.put(channel.id(), channel);
    if (countsForNode(channel.id())) {
      ofNode++;
    } else if (channel.id() % 2 == 0) {
      ofServer++;
    }
  }

  /** Takes a channel out; false when it was out already. */
  boolean remove(ServerChannel channel) {
    unanswered.remove(channel.id());
    if (!open.remove(channel.id(), channel)) {
      return false;
    }
    if (countsForNode(channel.id())) {
      ofNode--;
    } else if (channel.id() % 2 == 0) {
      ofServer--;
    }
    return true;
  }

  private static boolean countsForNode(long id) {
    return id % 2 == 1 && id != Wire.DEFAULT_CHANNEL;
  }

  /** The open channel with that id; null when there is none. */
  @Nullable ServerChannel find(long id) {
    return open.get(id);
  }

  /** Whether an id that is not open was used before. */
  boolean wasOpen(long id) {
    return id <= (id % 2 == 0 ? highestOfServer : highestOfNode);
  }

  Collection<ServerChannel> open() {
    return open.values();
  }
}
