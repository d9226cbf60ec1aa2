package io.heartbus.loadtest;

import io.heartbus.loadtest.Measured.Channels;
import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.loadtest.Measured.MessageFlow;
import io.heartbus.loadtest.Measured.Messages;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The account of all messages and channels of a run. Written by the fleet's thread only. Times are
 * nanoseconds since the run began.
 */
final class MessageBook {
  /** The name of the messages to members that are slow on purpose. */
  static final String SLOW = "slow members";

  private static final double NANOS_PER_SECOND = 1e9;

  private final Flow echo = new Flow("echo");
  private final Flow topic = new Flow("topic");

  /** To members that are slow on purpose: their losses are no fault, and their latencies lie. */
  private final Flow slow = new Flow(SLOW);

  /** To channels that are stuck on purpose. */
  private final Flow held = new Flow("stuck channels");

  private final List<Flow> flows = List.of(echo, topic, slow);
  private final Tally losses = new Tally();
  private long plainSent;
  private long plainReceived;
  private long spanNanos;
  private long opening;
  private long opened;
  private long stuck;
  private long lost;

  Flow echo() {
    return echo;
  }

  Flow topic() {
    return topic;
  }

  Flow slow() {
    return slow;
  }

  Flow held() {
    return held;
  }

  /** A message on the default channel has left, which nothing answers. */
  void plainSent() {
    plainSent++;
  }

  /** A message on the default channel came in. */
  void plainReceived() {
    plainReceived++;
  }

  /** So many more (or fewer) channels wait for the server's answer. */
  void opening(int by) {
    opening += by;
  }

  /** A channel is open. */
  void opened() {
    opened++;
  }

  /** A channel was stuck to the end, as it should. */
  void stuck() {
    stuck++;
  }

  /** The server refused a channel, or closed it. */
  void lost(String reason) {
    losses.add(reason);
    lost++;
  }

  /** No message is due any more, and for so long some were. */
  void spanEnded(long lastedNanos) {
    spanNanos = lastedNanos;
    flows.forEach(Flow::spanEnded);
  }

  /** Channels that the server has not answered. */
  long openingCount() {
    return opening;
  }

  /** Messages that are still to come, or to leave. */
  long owed(long nowNanos) {
    long owed = 0;
    for (Flow flow : flows) {
      owed += flow.owed(nowNanos);
    }
    return owed;
  }

  long sentCount() {
    return plainSent + flows.stream().mapToLong(Flow::sentCount).sum();
  }

  long receivedCount() {
    return plainReceived + flows.stream().mapToLong(Flow::receivedCount).sum();
  }

  /** The latencies of all messages but those to slow members. */
  LatencyRecorder.Latencies latencies() {
    return LatencyRecorder.merged(echo.latency(), topic.latency());
  }

  /** The same of those since this was called last. The caller owns it. */
  Histogram takeRecent() {
    Histogram recent = echo.latency().takeRecent();
    recent.add(topic.latency().takeRecent());
    return recent;
  }

  /** All of it, as numbers that no longer move; the run took so long. */
  Messages measured(double seconds) {
    double spanSeconds = spanNanos / NANOS_PER_SECOND;
    List<MessageFlow> measured = new ArrayList<>();
    MessageCounts all = MessageCounts.plain(plainSent, plainReceived, seconds);
    for (Flow flow : flows) {
      if (flow.any()) {
        MessageCounts counts = flow.counts(spanSeconds);
        measured.add(new MessageFlow(flow.name(), counts));
        all = all.plus(counts);
      }
    }
    return new Messages(spanSeconds, all.with(latencies()), List.copyOf(measured));
  }

  /** What became of the channels. */
  Channels channels() {
    return new Channels(opened, stuck, lost, losses.counts());
  }
}
