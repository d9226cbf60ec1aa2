package io.heartbus.loadtest;

/**
 * Which part of a run it is: a pure judgement that is handed the time and the census. Times are
 * nanoseconds since the run began. Not thread-safe.
 */
final class Stages {
  /** The parts of a run, in order. */
  enum Stage {
    /** Nodes connect; those that are in beat. */
    RAMP,
    /** All are in, or failed, and so are their channels; those that are in beat, and send. */
    HOLD,
    /** No message is due any more; those under way come in. Those that are in beat. */
    DRAIN,
    /** Nobody beats; the last answers come in, and measuring ends. */
    SETTLE,
    /** The nodes say goodbye, one after the other; those that are left beat. */
    LEAVE,
    DONE;

    /** The part of the report that it belongs to. */
    Phase phase() {
      return switch (this) {
        case RAMP -> Phase.RAMP;
        case HOLD, DRAIN -> Phase.HOLD;
        case SETTLE, LEAVE, DONE -> Phase.COOL_DOWN;
      };
    }
  }

  /** The parts of a report: what is measured is measured in the first two. */
  enum Phase {
    RAMP("ramp"),
    HOLD("hold"),
    COOL_DOWN("cool-down");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** Its name in a report. */
    String text() {
      return text;
    }
  }

  /** How long all goodbyes may take, once the last one was said. */
  static final long LEAVE_NANOS_MAX = 10_000_000_000L;

  /** The same for a run that was stopped: somebody waits. */
  static final long HURRIED_LEAVE_NANOS_MAX = 1_500_000_000L;

  /** How long one goodbye may take. */
  static final long GOODBYE_NANOS_MAX = 5_000_000_000L;

  /** What the last answers may take if intervals are shorter: busy machines need it. */
  private static final long SETTLE_NANOS_MIN = 3_000_000_000L;

  private final long holdNanos;
  private final long drainNanos;
  private final long coolDownNanos;
  private Stage stage = Stage.RAMP;
  private long sinceNanos;
  private long leaveNanosMax;
  private boolean hurried;

  /**
   * A run that holds all nodes for so long.
   *
   * @param holdNanos {@code Long.MAX_VALUE} means until it is stopped
   * @param drainNanos how long it waits for messages that are under way by then
   * @param coolDownNanos over how long the goodbyes are spread
   */
  Stages(long holdNanos, long drainNanos, long coolDownNanos) {
    this.holdNanos = holdNanos;
    this.drainNanos = drainNanos;
    this.coolDownNanos = coolDownNanos;
    this.leaveNanosMax = coolDownNanos + LEAVE_NANOS_MAX;
  }

  Stage stage() {
    return stage;
  }

  /** When this stage began. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Whether the goodbyes are cut short, too. */
  boolean hurried() {
    return hurried;
  }

  /**
   * Moves at most one stage on.
   *
   * @param intervalNanos the longest that the nodes keep: how long the last answers may take
   * @return whether it moved
   */
  boolean advance(long nowNanos, Census census, long intervalNanos) {
    long inStage = nowNanos - sinceNanos;
    Stage next =
        switch (stage) {
          case RAMP ->
              census.undecided() == 0 && census.openingChannels() == 0 ? Stage.HOLD : stage;
          case HOLD -> inStage >= holdNanos || nobodyLeft(census) ? Stage.DRAIN : stage;
          case DRAIN ->
              census.owedMessages() == 0 || inStage >= drainNanos || nobodyLeft(census)
                  ? Stage.SETTLE
                  : stage;
          case SETTLE ->
              census.owedBeats() == 0 || inStage >= Math.max(intervalNanos, SETTLE_NANOS_MIN)
                  ? Stage.LEAVE
                  : stage;
          case LEAVE -> census.connections() == 0 || inStage >= leaveNanosMax ? Stage.DONE : stage;
          case DONE -> stage;
        };
    if (next == stage) {
      return false;
    }
    enter(next, nowNanos);
    return true;
  }

  /**
   * When one that leaves is to say goodbye, now that the goodbyes have begun: one after the other,
   * spread over the cool-down.
   *
   * @param turn from 0
   * @param count how many there are that leave
   */
  long leaveNanos(int turn, int count) {
    return sinceNanos + (hurried ? 0 : (long) (turn * ((double) coolDownNanos / count)));
  }

  /** What was to be done while all nodes are held is done. */
  void holdOver(long nowNanos) {
    enter(Stage.DRAIN, nowNanos);
  }

  /** Goes straight to the goodbyes, which do not take long then; once. */
  void cutShort(long nowNanos) {
    if (stage != Stage.DONE && !hurried) {
      hurried = true;
      leaveNanosMax = HURRIED_LEAVE_NANOS_MAX;
      enter(Stage.LEAVE, nowNanos);
    }
  }

  /** A run for ever waits for nodes to come back; any other has nothing left to measure. */
  private boolean nobodyLeft(Census census) {
    return holdNanos != Long.MAX_VALUE && census.connections() == 0;
  }

  private void enter(Stage next, long nowNanos) {
    stage = next;
    sinceNanos = nowNanos;
  }
}
