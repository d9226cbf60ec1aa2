package io.heartbus.server.node;

import io.heartbus.server.liveness.FlapPenalty;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session of a node, live or over: who it is, what was agreed, and how it stands. A later
 * registration of the same id is another Node with a higher epoch.
 *
 * <p>Any thread may read.
 */
public final class Node {
  /** How a session stands; {@code cause} is null unless it is OFFLINE. */
  public record Status(NodeState state, @Nullable Cause cause, long sinceMs) {}

  private static final long[] NONE = {};

  private final String id;
  private final boolean legacy;
  private final long epoch;
  private final long instance;
  private final int connectionSeq;
  private final @Nullable String group;
  private final Map<String, String> metadata;
  private final long connectedAtMs;

  /** Written under the table's lock of transitions. */
  private volatile Status status;

  /** Null once the session is over. */
  private volatile @Nullable Link link;

  /** What the link's address was; null while there is a link. */
  private @Nullable String lastAddress;

  /** What the feed said of this id last; null while it said nothing. Guarded as status. */
  @Nullable EventType told;

  /** Null unless the node has come back from offline lately. Guarded as status. */
  @Nullable FlapPenalty flapPenalty;

  /** Events that were held back since the feed said anything of this id. Guarded as status. */
  private volatile int eventsSuppressed;

  /** How this session began; null once the feed was told. Guarded as status. */
  @Nullable Arrival arrival;

  private final int graceMs;
  private final Tempo tempo;

  /** Written by the reader. */
  private volatile int roundTripMicros = -1;

  /** When the id changed hands lately, in liveness time. Guarded by the directory's entry. */
  private long[] takeoversNanos = NONE;

  private boolean tookOver;

  /** How a session begins. */
  enum Arrival {
    /** There was no session. */
    FIRST,
    /** There was one, and it is over. */
    BACK,
    /** There is one, and it ends with this. */
    TAKEOVER,
    /** There was one, whose end nobody was told yet. */
    HEALING
  }

  Node(Admission admission, long epoch, long nowMs, int graceMs, Link link) {
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
    this.graceMs = graceMs;
    this.tempo = new Tempo(admission.pace());
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

  /** What was agreed on beats, and how that changes. */
  public Tempo tempo() {
    return tempo;
  }

  public int intervalMs() {
    return tempo.intervalMs();
  }

  public int timeoutMs() {
    return tempo.timeoutMs();
  }

  /** How long a lost connection of it may take to be healed; 0 = no time at all. */
  int graceMs() {
    return graceMs;
  }

  /** Whether its connection was lost, and the time to heal that is not over. */
  boolean isAwaited() {
    return status.state() == NodeState.SUSPECT && link == null;
  }

  /** How many events about it were held back since the last that was told. */
  public int eventsSuppressed() {
    return eventsSuppressed;
  }

  void eventsSuppressed(int count) {
    eventsSuppressed = count;
  }

  /** Whether events about it are held back, because it comes and goes. */
  public boolean suppressed() {
    FlapPenalty penalty = flapPenalty;
    return penalty != null && penalty.suppressed();
  }

  /** Goes on where an earlier session of the same id was, as far as followers are concerned. */
  void inherit(Node previous) {
    told = previous.told;
    flapPenalty = previous.flapPenalty;
    eventsSuppressed = previous.eventsSuppressed;
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

  /** Changes how it stands. The lock of transitions is held. */
  void change(Status to) {
    status = to;
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
    return tookOver;
  }

  /**
   * Takes the id over from a live session, unless it changed hands that often within the window
   * before. The entry of the directory is held.
   *
   * @param max how many takeovers any window may see; 0 = any number
   * @return 0 when it did, else how long until it might
   */
  long takeOverFrom(Node previous, int max, long nowNanos, long windowNanos) {
    long[] recent =
        Arrays.stream(previous.takeoversNanos)
            .filter(thenNanos -> nowNanos - thenNanos <= windowNanos)
            .toArray();
    if (max > 0 && recent.length >= max) {
      return Math.max(1, recent[0] + windowNanos - nowNanos);
    }
    if (max > 0) {
      takeoversNanos = Arrays.copyOf(recent, recent.length + 1);
      takeoversNanos[recent.length] = nowNanos;
    }
    tookOver = true;
    return 0;
  }
}
