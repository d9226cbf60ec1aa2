package io.heartbus.loadtest;

import io.heartbus.loadtest.Stages.Stage;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which channels each node opens and what goes over them: the traffic of a scenario, dealt out.
 * Owned by the fleet's thread; times are nanoseconds since the run began.
 */
final class TrafficPlan {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String ECHO = "echo";

  /** What a receiver grants at least. More spares CREDIT frames and costs nothing: all is taken. */
  private static final int GRANT_BYTES_MIN = 256 * 1024;

  /** A receiver that grants so many messages never keeps the server waiting. */
  private static final int GRANT_MESSAGES = 4;

  private static final int FRAGMENT_BYTES_MAX = Link.FRAME_BYTES_MAX - FrameBytes.DATA_FIXED_BYTES;

  private final Traffic traffic;
  private final int nodes;
  private final long patienceNanos;
  private final MessageBook book;
  private final Stamp stamp;
  private final Span span = new Span();
  private final List<Topic> topics = new ArrayList<>();
  private final List<Lanes> all = new ArrayList<>();
  private final Lanes none;

  /** A plan for one run, which {@code run} tells from others. */
  TrafficPlan(Scenario scenario, int run, MessageBook book) {
    this.traffic = scenario.traffic();
    this.nodes = scenario.nodes();
    this.patienceNanos = scenario.connectTimeout().toNanos();
    this.book = book;
    this.stamp = new Stamp(traffic.messageBytes(), run);
    this.none = new Lanes(List.of(), 0, book, patienceNanos);
    Traffic.Fanout fanout = traffic.fanout();
    for (int topic = 0; topic < fanout.topics(); topic++) {
      int count = Math.ceilDiv(fanout.publishers() - topic, fanout.topics());
      Senders publishers = new Senders(publisherNumber(topic), fanout.topics(), count);
      String name = String.format(Locale.ROOT, "topic/load-%08x-%d", run, topic);
      topics.add(new Topic(name, publishers, book.topic(), book.slow()));
    }
  }

  /** The channels of a node that was let in with that answer. */
  Lanes lanes(int node, Frame.Registered answer) {
    List<Lane.Use> uses = new ArrayList<>();
    for (int channel = 0; channel < traffic.echo().channels(); channel++) {
      uses.add(echo(node * traffic.echo().channels() + channel));
    }
    Traffic.Fanout fanout = traffic.fanout();
    int member = node - fanout.publishers();
    if (member < 0) {
      uses.add(publisher(node));
    } else if (member < fanout.members()) {
      uses.add(member(member));
    }
    for (int channel = 0; channel < traffic.stuck().channels(); channel++) {
      uses.add(stuck());
    }
    long payloadBytesMax = answer.frameBytesMax() - FrameBytes.DATA_FIXED_BYTES;
    if (uses.isEmpty()) {
      return none;
    }
    int fragmentBytesMax = (int) Math.min(payloadBytesMax, FRAGMENT_BYTES_MAX);
    Lanes lanes = new Lanes(uses, fragmentBytesMax, book, patienceNanos);
    all.add(lanes);
    return lanes;
  }

  /** The run went from one stage to the next: messages are due while all nodes are held. */
  void changed(Stage before, Stage stage, long nowNanos) {
    if (stage == Stage.HOLD) {
      span.begin(nowNanos);
    }
    if (before == Stage.HOLD) {
      book.spanEnded(nowNanos - span.beginNanos());
      span.end(nowNanos);
    }
    if (stage == Stage.DRAIN) {
      // What was due still leaves, and counts until it has.
      all.forEach(Lanes::spanEnded);
    }
  }

  /**
   * Messages that come from now on do not count.
   *
   * @param account whether what is missing by now is lost
   */
  void closeBooks(boolean account) {
    all.forEach(lanes -> lanes.over(account));
  }

  private Lane.Use echo(int number) {
    Traffic.Echo echo = traffic.echo();
    boolean closed = echo.perSecond() == 0;
    double stepNanos = closed ? 0 : NANOS_PER_SECOND / echo.perSecond();
    Pacing pacing =
        closed
            ? new Pacing.Window(span, echo.window())
            : new Pacing.Schedule(span, number * stepNanos, stepNanos * nodes * echo.channels());
    Flow flow = book.echo();
    Sender sender =
        new Sender(
            stamp,
            number,
            pacing,
            flow,
            () -> {
              flow.sent();
              flow.expect(1);
            });
    Senders own = new Senders(number, 1, 1);
    own.add(sender);
    // Twice the window: half of it may be given back late.
    Grants grants = new Grants.Prompt(grantBytes(closed ? 2L * echo.window() : 0));
    return new Lane.Use(ECHO, sender, new Receiver(stamp, own, grants, flow), null);
  }

  private Lane.Use publisher(int index) {
    Traffic.Fanout fanout = traffic.fanout();
    Topic topic = topics.get(index % fanout.topics());
    double stepNanos = NANOS_PER_SECOND / fanout.perSecond();
    Pacing pacing = new Pacing.Schedule(span, index * stepNanos, stepNanos * fanout.publishers());
    Sender sender =
        new Sender(stamp, publisherNumber(index), pacing, book.topic(), topic::published);
    topic.publishers().add(sender);
    return new Lane.Use(topic.name(), sender, null, topic);
  }

  private Lane.Use member(int index) {
    Traffic.Fanout fanout = traffic.fanout();
    Topic topic = topics.get(index % fanout.topics());
    boolean slow = index >= fanout.members() - fanout.slowMembers();
    long cost = messageCost();
    Grants grants =
        slow
            ? new Grants.Slow(
                (int) Math.max(Wire.INITIAL_CREDIT_MIN, cost),
                span,
                (long) (NANOS_PER_SECOND / fanout.slowPerSecond()),
                cost)
            : new Grants.Prompt(grantBytes(0));
    Flow flow = slow ? book.slow() : book.topic();
    Receiver receiver = new Receiver(stamp, topic.publishers(), grants, flow);
    return new Lane.Use(topic.name(), null, receiver, topic);
  }

  private Lane.Use stuck() {
    Flow flow = book.held();
    Sender sender = new Sender(stamp, 0, new Pacing.Flood(), flow, flow::sent);
    return new Lane.Use(traffic.stuck().name(), sender, null, null);
  }

  /** Echoes have the numbers below, so no message of a topic passes for one. */
  private int publisherNumber(int index) {
    return nodes * traffic.echo().channels() + index;
  }

  private int grantBytes(long messages) {
    long bytes = Math.max(messages, GRANT_MESSAGES) * messageCost();
    return (int) Math.clamp(bytes, GRANT_BYTES_MIN, Wire.CREDIT_MAX);
  }

  private long messageCost() {
    int frames = Math.ceilDiv(stamp.messageBytes(), FRAGMENT_BYTES_MAX);
    return stamp.messageBytes() + (long) frames * Wire.DATA_COST_BYTES;
  }
}
