package io.heartbus.server.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts the control frames of one connection against its {@link ControlBudget}. Any thread. */
final class ControlMeter {
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(ControlMeter.class, "count", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** As {@link ControlBudget#count} makes it. Changed by compare-and-set. */
  private volatile long count;

  /** Counts a frame, and judges how many that makes. */
  ControlBudget.Judgement count(long nowNanos, int framesMax, long intervalMs) {
    long before;
    long after;
    do {
      before = count;
      after = ControlBudget.count(before, nowNanos);
    } while (!COUNT.compareAndSet(this, before, after));
    return ControlBudget.judge(after, framesMax, intervalMs);
  }
}
