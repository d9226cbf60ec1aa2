package io.heartbus.server.node;

/** A connection without a socket, which answers nothing and costs next to nothing. */
final class SocketlessLink extends Link {
  SocketlessLink(long nowNanos) {
    super(nowNanos);
  }

  void of(Node node) {
    belongsTo(node);
  }

  void stamp(long nowNanos) {
    heard(nowNanos);
  }

  @Override
  protected long checkDeadlines(long nowNanos) {
    // None but that of its heartbeat.
    return Long.MAX_VALUE;
  }

  @Override
  protected void probe() {
    // It would not answer.
  }

  @Override
  protected boolean hasUnreadBytes() {
    return false;
  }

  @Override
  public void sessionOver(Cause cause) {
    // There is nothing to close.
  }

  @Override
  public String address() {
    return "";
  }

  @Override
  public int channels() {
    return 0;
  }
}
