package io.heartbus.loadtest;

import io.heartbus.loadtest.Sequence.Arrival;

/**
 * Whether a presence feed keeps its promise: each event has the number that follows the one before
 * it, also across a break of the connection, unless the feed itself says what is missing. A pure
 * judgement. Not thread-safe.
 */
final class FeedOrder {
  private String epoch = "";
  private Sequence sequence = new Sequence();

  /** The number that the first event of this log has to have. */
  private long first = 1;

  /** The highest number that came, or that a gap named. */
  private long highest;

  private long events;
  private long missingBefore;
  private long duplicated;
  private long reordered;
  private long gaps;
  private long gapEvents;
  private long gapEventsHere;
  private long otherLogs;

  /**
   * The feed says which log it is of; it does so whenever it is connected.
   *
   * @param position the number behind which it begins, or goes on
   */
  void begins(String log, long position) {
    if (log.equals(epoch)) {
      return;
    }
    otherLogs += epoch.isEmpty() ? 0 : 1;
    missingBefore += missingHere();
    epoch = log;
    sequence = new Sequence();
    first = position + 1;
    highest = position;
    gapEventsHere = 0;
  }

  /** An event came. Returns whether for the first time. */
  boolean event(long seq) {
    events++;
    Arrival arrival = seq < first ? Arrival.COPY : sequence.arrived(seq - first);
    highest = Math.max(highest, seq);
    switch (arrival) {
      case NEWER -> {}
      case LATE -> reordered++;
      case COPY -> duplicated++;
    }
    return arrival != Arrival.COPY;
  }

  /** The feed says that these cannot be read any more. */
  void gap(long from, long to) {
    gaps++;
    // What should have come before the gap is missing; no later word explains that.
    long told = Math.max(0, to - Math.max(from, highest + 1) + 1);
    gapEvents += told;
    gapEventsHere += told;
    highest = Math.max(highest, to);
  }

  /** Events that came, copies included. */
  long events() {
    return events;
  }

  /** Numbers that were left out without a word. */
  long missing() {
    return missingBefore + missingHere();
  }

  /** Events that came again. */
  long duplicated() {
    return duplicated;
  }

  /** Events that came behind newer ones. */
  long reordered() {
    return reordered;
  }

  long gaps() {
    return gaps;
  }

  /** Numbers that the feed said are missing. */
  long gapEvents() {
    return gapEvents;
  }

  /** How often the log turned out to be another one. */
  long otherLogs() {
    return otherLogs;
  }

  private long missingHere() {
    return highest - first + 1 - sequence.received() - gapEventsHere;
  }
}
