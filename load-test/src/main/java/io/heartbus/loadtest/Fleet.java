package io.heartbus.loadtest;

import io.heartbus.loadtest.Stages.Stage;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of simulated nodes on one thread: a selector loop that starts connections when they are
 * due, sends beats when they are due, and reads what comes. It never waits for the server, so what
 * the server does cannot slow the load down; only connects that are late already take turns, as
 * {@link Openers} says, and that is in their latency.
 *
 * <p>All methods but {@link #stop()} belong to the thread that runs it. Times are nanoseconds since
 * the run began, which is why they may be compared as they are.
 */
final class Fleet {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The sleep when something is due within a millisecond; it adds that much to every latency. */
  private static final long NAP_NANOS = 200_000;

  /** The longest wait: a stage that ends in between ends that much late. */
  private static final long WAIT_MILLIS_MAX = 50;

  /** How many due things are done before the sockets are looked at again. */
  private static final int DUE_BATCH = 128;

  /** How many sockets are looked at before the due things are: under load each brings a lot. */
  private static final int READY_BATCH = 16;

  private final Scenario scenario;
  private final NodeScript script;
  private final RandomGenerator random;
  private final ArrivalSchedule arrivals;
  private final Measurements measurements;
  private final Stages stages;
  private final TrafficPlan plan;
  private final Attendance attendance;
  private final Selector selector;
  private final Openers openers;
  private final Inlet inlet = new Inlet();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(Link.WRITE_BYTES);
  private final long originNanos = System.nanoTime();

  /** Holds every connection that has not ended, but the one that is being dealt with. */
  private final DueQueue<Connection> queue = new DueQueue<>();

  private int arrived;
  private int readyInARow;
  private @Nullable Long endRssBytes;
  private boolean cutShort;
  private volatile boolean stopped;

  /** A fleet that is ready to run once; the first connect is due now. */
  Fleet(Scenario scenario, NodeScript script, RandomGenerator random) throws IOException {
    this.scenario = scenario;
    this.script = script;
    this.random = random;
    this.arrivals = new ArrivalSchedule(scenario.nodes(), scenario.connectsPerSecond());
    this.measurements = new Measurements(scenario.nodes(), Machine.cpuNanos());
    this.stages =
        new Stages(
            scenario.holdNanos(),
            scenario.traffic().drain().toNanos(),
            scenario.coolDown().toNanos());
    this.plan = new TrafficPlan(scenario, random.nextInt(), measurements.messages());
    this.attendance = new Attendance(scenario.nodes());
    this.selector = Selector.open();
    Routes routes = new Routes(scenario, Machine.localPorts(), new Random(random.nextLong()));
    this.openers = new Openers(routes, selector, measurements, this::nowNanos);
  }

  /** Runs the scenario to its end, tells how it goes, and returns what it measured. */
  Measured run(Timeline timeline) throws IOException {
    timeline.begin();
    try (selector;
        openers) {
      while (stages.stage() != Stage.DONE) {
        int done = openArrivals() + doDue();
        long now = nowNanos();
        judge(now);
        if (timeline.isDue(now)) {
          timeline.add(measurements.tick(now, stages.stage(), attendance.live()));
        }
        await(done == 0, now);
      }
      close();
    }
    long doneNanos = nowNanos();
    timeline.end(measurements.tick(doneNanos, stages.stage(), attendance.live()));
    return measurements.measured(new Measurements.End(cutShort, doneNanos, endRssBytes));
  }

  /** Has the run end early, with goodbyes. Any thread may call this. */
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  /** The time now. */
  long nowNanos() {
    return System.nanoTime() - originNanos;
  }

  Scenario scenario() {
    return scenario;
  }

  NodeScript script() {
    return script;
  }

  Measurements measurements() {
    return measurements;
  }

  /** Free for whoever reads, until it has dealt with all that came in. */
  Inlet inlet() {
    return inlet;
  }

  /** Free for whoever sends, until it has sent. */
  ByteBuffer scratch() {
    return scratch;
  }

  /** Whether nodes beat at this stage. */
  boolean beating() {
    return stages.stage() != Stage.SETTLE;
  }

  /** A random number from 0 to below the bound; 0 when that is 0. */
  long randomBelow(long bound) {
    return bound == 0 ? 0 : random.nextLong(bound);
  }

  /** Has the connection called when it is due. */
  void schedule(Connection connection, long dueNanos) {
    queue.schedule(connection, dueNanos);
  }

  /**
   * Has the node connect; does nothing once the goodbyes have begun.
   *
   * @param intendedNanos when it was first meant to
   * @param dueNanos when it shall
   */
  void connect(Node node, long intendedNanos, long dueNanos) {
    if (stages.stage().compareTo(Stage.LEAVE) < 0) {
      schedule(new Connection(this, node, intendedNanos), dueNanos);
    }
  }

  /** Has the socket of a connection opened that is due; it ends if it is not in by its timeout. */
  void open(Connection connection, long nowNanos) {
    long dueNanos = connection.dueNanos();
    schedule(connection, connection.intendedNanos() + scenario.connectTimeout().toNanos());
    openers.open(connection, dueNanos, nowNanos);
  }

  /** The node was let in. Returns its session. */
  Session entered(Connection connection, Frame.Registered answer, long nowNanos) {
    openers.settled(connection);
    Node node = connection.node();
    boolean first = node.lastEpoch() == null;
    node.entered(connection, answer.epoch());
    attendance.entered(node);
    measurements.entered(first, nowNanos - connection.intendedNanos(), nowNanos);
    Heart heart = new Heart(answer, measurements, script.follower(node), random, nowNanos);
    Lanes lanes = plan.lanes(node.index(), answer);
    return new Session(heart, lanes, answer.initialCredit(), scenario.giveUp(), measurements);
  }

  /** The connection is over, which had come so far before. */
  void ended(Connection connection, Ending ending, ConnectionState before, long nowNanos) {
    queue.remove(connection);
    openers.settled(connection);
    if (ending instanceof Ending.Lost) {
      measurements.left(nowNanos, attendance.live());
    }
    attendance.ended(connection.node(), ending, before.wasIn());
    if (stages.stage().compareTo(Stage.LEAVE) < 0) {
      script.ended(this, connection, ending, nowNanos);
    } else if (ending instanceof Ending.Lost(var reason, _)) {
      // Its turn to leave had not come.
      measurements.lost(reason);
    }
  }

  /** The node's way in has ended: the ramp no longer waits for it. */
  void decide(Node node) {
    attendance.decide(node);
  }

  private int openArrivals() {
    int before = arrived;
    while (stages.stage() == Stage.RAMP
        && arrived < arrivals.count()
        && arrivals.dueNanos(arrived) <= nowNanos()
        && arrived - before < DUE_BATCH) {
      long due = arrivals.dueNanos(arrived);
      connect(new Node(arrived++, random.nextLong()), due, due);
    }
    return arrived - before;
  }

  private int doDue() {
    int told = openers.tell(DUE_BATCH);
    for (int done = 0; done < DUE_BATCH; done++) {
      long now = nowNanos();
      Connection connection = queue.takeDue(now);
      if (connection == null) {
        return told + done;
      }
      connection.due(now);
    }
    return told + DUE_BATCH;
  }

  private void judge(long nowNanos) {
    Census census = attendance.census(queue.size(), measurements, nowNanos);
    Stage before = stages.stage();
    if (before.compareTo(Stage.LEAVE) < 0 && (stopped || script.hopeless(census, nowNanos))) {
      cutShort = stopped;
      stages.cutShort(nowNanos);
    } else if (stopped && !stages.hurried()) {
      // All was measured; what is cut short is the cool-down.
      stages.cutShort(nowNanos);
      leave(nowNanos);
    } else if (before == Stage.HOLD && !script.holding(this, nowNanos)) {
      stages.holdOver(nowNanos);
    } else {
      stages.advance(nowNanos, census, measurements.beats().intervalMsMax() * NANOS_PER_MILLI);
    }
    if (stages.stage() != before) {
      changed(before, nowNanos);
    }
  }

  private void changed(Stage before, long nowNanos) {
    Stage stage = stages.stage();
    if (before.phase() != stage.phase()) {
      measurements.began(stage.phase(), nowNanos, Machine.cpuNanos());
    }
    if (scenario.traffic().any()) {
      plan.changed(before, stage, nowNanos);
      // All nodes that are not in have failed by now, so these are live, and may have to send.
      queue.entries().forEach(connection -> schedule(connection, nowNanos));
    }
    if (stage == Stage.LEAVE) {
      script.leaving();
      // Not before: reading that takes its time, and the last answers may still come.
      endRssBytes = Machine.rssBytes();
      measurements.beats().close(!cutShort);
      plan.closeBooks(!cutShort);
      leave(nowNanos);
    }
  }

  /** One node after the other says goodbye, in no particular order. */
  private void leave(long nowNanos) {
    List<Connection> connections = queue.entries();
    for (int turn = 0; turn < connections.size(); turn++) {
      connections.get(turn).leaveAt(stages.leaveNanos(turn, connections.size()), nowNanos);
    }
  }

  private void await(boolean idle, long nowNanos) throws IOException {
    long next = queue.nextDueNanos();
    if (stages.stage() == Stage.RAMP && arrived < arrivals.count()) {
      next = Math.min(next, arrivals.dueNanos(arrived));
    }
    long waitNanos = next - nowNanos;
    if (waitNanos >= NANOS_PER_MILLI) {
      selector.select(this::ready, Math.min(waitNanos / NANOS_PER_MILLI, WAIT_MILLIS_MAX));
    } else if (selector.selectNow(this::ready) == 0 && idle && waitNanos > 0) {
      LockSupport.parkNanos(Math.min(waitNanos, NAP_NANOS));
    }
  }

  private void ready(SelectionKey key) {
    ((Connection) key.attachment()).ready(key);
    if (++readyInARow % READY_BATCH == 0) {
      int _ = doDue();
    }
  }

  private void close() {
    queue.entries().forEach(connection -> connection.close(nowNanos()));
  }
}
