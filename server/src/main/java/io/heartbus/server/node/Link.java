package io.heartbus.server.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What this room needs of a connection: when it was last heard, and a way to act on it. The room of
 * connections implements it. An abstract class and not an interface because there is one per
 * connection, and a field costs less than an object.
 */
public abstract class Link {
  private static final VarHandle LAST_SEEN;

  static {
    try {
      LAST_SEEN = MethodHandles.lookup().findVarHandle(Link.class, "lastSeenNanos", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** Liveness time. Written by the reader, opaque; read by all. */
  private long lastSeenNanos;

  /** Place in the roster. Guarded by the roster's stripe lock. */
  int slot;

  /** Null until the node is registered; written once, by the reader. */
  private volatile @Nullable Node node;

  protected Link(long nowNanos) {
    lastSeenNanos = nowNanos;
  }

  /** When the last whole frame came in (until REGISTER: when the connection was accepted). */
  public final long lastSeenNanos() {
    return (long) LAST_SEEN.getOpaque(this);
  }

  /** Stamps a whole frame. Only the reader calls it. */
  protected final void heard(long nowNanos) {
    LAST_SEEN.setOpaque(this, nowNanos);
  }

  /** The session on this connection, or null before REGISTER. */
  public final @Nullable Node node() {
    return node;
  }

  /** Says whose connection this is; before anybody else can find the node. */
  protected final void belongsTo(Node registered) {
    node = registered;
  }

  /**
   * Ends the connection if a deadline other than its heartbeat's has passed. Does not block.
   *
   * @return for how long, in nanoseconds, there cannot be one that passes; 0 when there is one now
   */
  protected abstract long checkDeadlines(long nowNanos);

  /** Asks the peer for a sign of life. Does not block. */
  protected abstract void probe();

  /** Whether bytes have arrived that were not read yet. */
  protected abstract boolean hasUnreadBytes();

  /** Ends the connection; its session is over by then, for {@code cause}. Does not block. */
  public abstract void sessionOver(Cause cause);

  /** The peer's address as {@code host:port}. */
  public abstract String address();

  /** How many channels are open. */
  public abstract int channels();
}
