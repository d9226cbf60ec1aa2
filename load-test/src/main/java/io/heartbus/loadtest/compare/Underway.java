package io.heartbus.loadtest.compare;

import java.io.IOException;

/**
 * When each of the things that one connection waits for was meant to leave, oldest first: answers
 * come in the order of what they answer. One thread adds, one takes.
 */
final class Underway {
  /** More is no load any more but a server that stands still. */
  static final int COUNT_MAX = 128;

  private final long[] intendedNanos = new long[COUNT_MAX];

  /** Written by the thread that adds. */
  private volatile int added;

  /** Written by the thread that takes. */
  private volatile int taken;

  int count() {
    return added - taken;
  }

  /** Something leaves that was meant to leave then. */
  void add(long nanos) throws IOException {
    int place = added;
    if (place - taken == COUNT_MAX) {
      throw new IOException("the server leaves %d unanswered".formatted(COUNT_MAX));
    }
    intendedNanos[place % COUNT_MAX] = nanos;
    added = place + 1;
  }

  /** The oldest is answered. Returns when it was meant to leave. */
  long take() throws IOException {
    int place = taken;
    if (place == added) {
      throw new IOException("the server answers what nobody asked");
    }
    long nanos = intendedNanos[place % COUNT_MAX];
    taken = place + 1;
    return nanos;
  }
}
