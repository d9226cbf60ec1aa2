package io.heartbus.server.channel;

import io.heartbus.server.metrics.DurationHistogram;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened on channels so far. Any thread reads; this room writes. */
public final class ChannelCounts {
  /** How many topics are told apart when drops are counted. */
  private static final int TOPICS_MAX = 1_000;

  private static final String OTHER_TOPICS = "(others)";

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

  /** What of that was a topic's, by its name. */
  private final ConcurrentHashMap<String, LongAdder> droppedByTopic = new ConcurrentHashMap<>();

  /** Channels that this server reset. */
  public final LongAdder resets = new LongAdder();

  /** Channels that were reset because their handler threw. */
  public final LongAdder handlerFailures = new LongAdder();

  /** From the arrival of a frame to the end of its handling; a sample. */
  public final DurationHistogram handling =
      new DurationHistogram(0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.1, 1, 10);

  /** Times that a message had to wait for credit. */
  public final LongAdder creditStalls = new LongAdder();

  /**
   * Counts messages of that topic that a member did not get. Names are the peers' choice, so only
   * so many are told apart.
   */
  void droppedByTopic(String name) {
    String key =
        droppedByTopic.size() < TOPICS_MAX || droppedByTopic.containsKey(name)
            ? name
            : OTHER_TOPICS;
    droppedByTopic.computeIfAbsent(key, _ -> new LongAdder()).increment();
  }

  /** Messages that members of topics did not get, by the name of their channels. */
  public Map<String, LongAdder> droppedByTopic() {
    return Collections.unmodifiableMap(droppedByTopic);
  }
}
