package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;

/**
 * Those whose messages one receiver gets: numbers that are evenly apart, as a topic's publishers
 * are. Owned by the fleet's thread.
 */
final class Senders {
  private final int first;
  private final int step;
  private final @Nullable Sender[] senders;

  /** Senders number {@code first}, {@code first + step} and so on. */
  Senders(int first, int step, int count) {
    this.first = first;
    this.step = step;
    this.senders = new @Nullable Sender[count];
  }

  /** One of them begins. */
  void add(Sender sender) {
    senders[place(sender.number())] = sender;
  }

  int count() {
    return senders.length;
  }

  /** Which of them has that number, from 0; -1 when none has. */
  int place(int number) {
    int distance = number - first;
    boolean one = distance >= 0 && distance % step == 0 && distance / step < senders.length;
    return one ? distance / step : -1;
  }

  /** How many messages that one has sent. */
  long sent(int place) {
    Sender sender = senders[place];
    return sender == null ? 0 : sender.sent();
  }
}
