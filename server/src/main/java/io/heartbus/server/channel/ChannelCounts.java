package io.heartbus.server.channel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened on channels so far. Any thread reads; this room writes. */
public final class ChannelCounts {
  /** Channels that are open, default ones included once something was said on them. */
  public final AtomicLong open = new AtomicLong();

  /** Messages that wait for a consumer or for credit. */
  public final LongAdder queuedMessages = new LongAdder();

  /** Messages taken by a consumer. */
  public final LongAdder received = new LongAdder();

  /** Messages given to the outbox of their receiver. */
  public final LongAdder sent = new LongAdder();

  /** Messages dropped because their receiver was full. */
  public final LongAdder dropped = new LongAdder();

  /** Channels that this server reset. */
  public final LongAdder resets = new LongAdder();

  /** Channels that were reset because their handler threw. */
  public final LongAdder handlerFailures = new LongAdder();

  /** Times that a message had to wait for credit. */
  public final LongAdder creditStalls = new LongAdder();
}
