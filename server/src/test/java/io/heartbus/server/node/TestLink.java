package io.heartbus.server.node;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** A connection that notes what is asked of it. */
final class TestLink extends Link {
  private final String address;
  private final AtomicInteger probes = new AtomicInteger();
  private volatile boolean unread;
  private volatile boolean fails;
  private volatile Cause over;
  private volatile LongSupplier clockWhenAsked;

  TestLink(long nowNanos, String address) {
    super(nowNanos);
    this.address = address;
  }

  TestLink() {
    this(1, "127.0.0.1:1");
  }

  TestLink of(Node node) {
    belongsTo(node);
    return this;
  }

  void hears(long nowNanos) {
    heard(nowNanos);
  }

  void unread(boolean waits) {
    unread = waits;
  }

  int probes() {
    return probes.get();
  }

  /** Why it was told to end; null when it was not. */
  Cause over() {
    return over;
  }

  /** From now on a frame comes in whenever somebody asks for unread bytes. */
  void hearsWhenAsked(LongSupplier clock) {
    clockWhenAsked = clock;
  }

  /** From now on it is a fault of ours. */
  void failsOnCheck() {
    fails = true;
  }

  @Override
  protected long checkDeadlines(long nowNanos) {
    if (fails) {
      throw new IllegalStateException("on purpose");
    }
    return Long.MAX_VALUE;
  }

  @Override
  protected void probe() {
    probes.incrementAndGet();
  }

  @Override
  protected boolean hasUnreadBytes() {
    LongSupplier clock = clockWhenAsked;
    if (clock != null) {
      heard(clock.getAsLong());
    }
    return unread;
  }

  @Override
  public void sessionOver(Cause cause) {
    over = cause;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public int channels() {
    return 0;
  }
}
