package io.heartbus.server.node;

import io.heartbus.protocol.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session of a node, live or over: who it is, what was agreed, and how it stands. A later
 * registration of the same id is another Node with a higher epoch.
 *
 * <p>Any thread may read. The status changes by compare-and-set, so that of all who want to end a
 * session exactly one does.
 */
public final class Node {
  /** How a session stands; {@code cause} is null unless it is OFFLINE. */
  public record Status(NodeState state, @Nullable Cause cause, long sinceMs) {}

  private static final VarHandle STATUS;

  static {
    try {
      STATUS = MethodHandles.lookup().findVarHandle(Node.class, "status", Status.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final String id;
  private final boolean legacy;
  private final long epoch;
  private final long instance;
  private final int connectionSeq;
  private final @Nullable String group;
  private final Map<String, String> metadata;
  private final long connectedAtMs;

  /** Written by the sweep and by whoever ends the session, through {@link #change}. */
  private volatile Status status;

  /** Null once the session is over. */
  private volatile @Nullable Link link;

  /** What the link's address was; null while there is a link. */
  private @Nullable String lastAddress;

  /** Written by the reader, which is also the only one to act on them. */
  private volatile int intervalMs;

  private volatile int timeoutMs;
  private volatile int roundTripMicros = -1;

  /** Guarded by the directory's entry of this id. */
  private int takeoverWindowSeconds;

  private int takeovers;

  Node(Admission admission, long epoch, long nowMs, Link link) {
    this.id = admission.id();
    this.legacy = admission.legacy();
    this.epoch = epoch;
    this.instance = admission.instance();
    this.connectionSeq = (int) admission.connectionSeq();
    this.group = admission.group();
    this.metadata = admission.metadata();
    this.connectedAtMs = nowMs;
    this.status = new Status(NodeState.ONLINE, null, nowMs);
    this.link = link;
    this.intervalMs = (int) admission.pace().intervalMs();
    this.timeoutMs = (int) admission.pace().timeoutMs();
  }

  public String id() {
    return id;
  }

  /** Whether it speaks HBP/1. */
  public boolean legacy() {
    return legacy;
  }

  /** The fencing number of this session. */
  public long epoch() {
    return epoch;
  }

  public @Nullable String group() {
    return group;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  /** Wall clock, for people. */
  public long connectedAtMs() {
    return connectedAtMs;
  }

  public Status status() {
    return status;
  }

  public boolean live() {
    return status.state() != NodeState.OFFLINE;
  }

  /** The connection of a live session; null once it is over. */
  public @Nullable Link link() {
    return link;
  }

  /** The peer's address, also when the session is over. */
  public String address() {
    Link current = link;
    if (current != null) {
      return current.address();
    }
    return lastAddress == null ? "" : lastAddress;
  }

  public int intervalMs() {
    return intervalMs;
  }

  public int timeoutMs() {
    return timeoutMs;
  }

  /** What is agreed from now on. Only the reader of the node's connection calls it. */
  public void retune(Frame.Pace pace) {
    intervalMs = (int) pace.intervalMs();
    timeoutMs = (int) pace.timeoutMs();
  }

  /** The last round trip that the node measured, in microseconds; -1 while there is none. */
  public int roundTripMicros() {
    return roundTripMicros;
  }

  /** Notes a round trip. Only the reader of the node's connection calls it. */
  public void roundTrip(int micros) {
    roundTripMicros = micros;
  }

  /** Whether that registration is an older try of the same process, arriving late. */
  boolean outrunsLate(Admission admission) {
    return !legacy
        && !admission.legacy()
        && instance == admission.instance()
        && Integer.compareUnsigned((int) admission.connectionSeq(), connectionSeq) < 0;
  }

  /** Changes the status if it still is {@code from}. */
  boolean change(Status from, Status to) {
    return STATUS.compareAndSet(this, from, to);
  }

  /** Lets go of the connection. Only whoever ended the session calls it. */
  @Nullable Link release() {
    Link released = link;
    if (released != null) {
      lastAddress = released.address();
      link = null;
    }
    return released;
  }

  /** Whether this session began by taking over from a live one. */
  public boolean tookOver() {
    return takeovers > 0;
  }

  /**
   * Inherits the count of takeovers, and counts one more. Returns how many there were within the
   * window.
   */
  int countTakeover(Node previous, long nowSeconds, int windowSeconds) {
    boolean within = nowSeconds - previous.takeoverWindowSeconds < windowSeconds;
    takeoverWindowSeconds = within ? previous.takeoverWindowSeconds : (int) nowSeconds;
    takeovers = (within ? previous.takeovers : 0) + 1;
    return takeovers;
  }
}
