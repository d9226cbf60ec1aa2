package io.heartbus.server.http;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection without a socket that remembers how its session ended. */
final class QuietLink extends Link {
  final List<Cause> endings = new CopyOnWriteArrayList<>();
  private final int channels;

  QuietLink(long nowNanos, int channels) {
    super(nowNanos);
    this.channels = channels;
  }

  void register(Node node) {
    belongsTo(node);
  }

  @Override
  protected long checkDeadlines(long nowNanos) {
    return Long.MAX_VALUE;
  }

  @Override
  protected void probe() {}

  @Override
  protected boolean hasUnreadBytes() {
    return false;
  }

  @Override
  public void sessionOver(Cause cause) {
    endings.add(cause);
  }

  @Override
  public String address() {
    return "192.0.2.7:40001";
  }

  @Override
  public int channels() {
    return channels;
  }
}
