package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeTable;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Node to node: a channel {@code node/ID} is joined to a channel {@code node/OPENER} that the
 * server opens to the node ID. What one end sends reaches the other, ends and resets included; and
 * because a message is taken only when the other end had credit for it, credit passes through, too.
 */
final class NodeRelay implements MessageHandler {
  private static final String PREFIX = "node/";

  private final NodeTable nodes;

  /** Each end by the other. */
  private final ConcurrentHashMap<ServerChannel, ServerChannel> ends = new ConcurrentHashMap<>();

  NodeRelay(NodeTable nodes) {
    this.nodes = nodes;
  }

  @Override
  public @Nullable ErrorCode refusal(String name) {
    ChannelSet target = target(name);
    if (target == null) {
      return ErrorCode.NO_ROUTE;
    }
    return target.takesOpens() ? null : ErrorCode.REFUSED;
  }

  private @Nullable ChannelSet target(String name) {
    Node node = nodes.find(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    return node == null ? null : Line.channelsOf(node);
  }

  @Override
  public void opened(ServerChannel channel) {
    if (channel.id() % 2 == 0) {
      // The far end, which was opened on behalf of a near one.
      return;
    }
    ChannelSet target = target(channel.name());
    if (target == null) {
      channel.reset(ErrorCode.NO_ROUTE, "the node is not here");
      return;
    }
    ServerChannel far =
        target.openToNode(
            PREFIX + channel.node().id(),
            channel.binding(),
            opened -> {
              ends.put(channel, opened);
              ends.put(opened, channel);
            });
    if (far == null) {
      channel.reset(ErrorCode.REFUSED, "the node takes no more channels");
      return;
    }
    far.flushSoon();
  }

  @Override
  public void message(ServerChannel channel, byte[] message)
      throws InterruptedException, IOException {
    ServerChannel other = ends.get(channel);
    if (other != null) {
      try {
        other.reply(message);
      } catch (ChannelClosedException gone) {
        // This end is about to learn why.
      }
    }
  }

  @Override
  public void idle(ServerChannel channel) {
    ServerChannel other = ends.get(channel);
    if (other != null) {
      other.flushSoon();
    }
  }

  @Override
  public void ended(ServerChannel channel) {
    ServerChannel other = ends.get(channel);
    if (other != null) {
      other.close();
    }
  }

  @Override
  public void over(ServerChannel channel) {
    ServerChannel other = ends.remove(channel);
    int code = channel.endCode();
    if (other != null && code != ErrorCode.NORMAL.code()) {
      // On a thread of its own, because the lock of the channel's set is held.
      Thread.startVirtualThread(() -> endToo(other, code));
    }
  }

  /** Whoever opened a channel that the other end breaks off pays for it, not the other end. */
  private static void endToo(ServerChannel other, int code) {
    other.reset(code, "the other end was");
    if (other.id() % 2 == 1) {
      other.set().carrier().countControl();
    }
  }
}
