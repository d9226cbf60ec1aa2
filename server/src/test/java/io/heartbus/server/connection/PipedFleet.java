package io.heartbus.server.connection;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Wire;
import io.heartbus.server.node.Verdicts;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Nodes at the other ends of {@link BytePipe}s, whose beats come evenly and in no order of memory,
 * and of whom some fall silent. One thread registers and beats, another follows the verdicts, and
 * whoever writes in the server hands in the answers.
 */
final class PipedFleet {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long MS_PER_SECOND = 1_000;

  /** So many may wait for the answer to their REGISTER, or a slow server ends them for that. */
  private static final int WAITING_MAX = 10_000;

  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long ANSWER_LOOK_NANOS = 1_000_000;
  private static final byte[] BEAT =
      FrameWriter.encode(new Frame.HeartbeatRequest(new Frame.Stats(1, 300)));

  private final SocketlessBus bus;
  private final Frame.Pace pace;
  private final BytePipe[] pipes;

  /** The order of their beats. */
  private final int[] order;

  private final boolean[] silent;
  private final LongAdder registered = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder farewells = new LongAdder();
  private long beats;

  /** What the log says of them. Belongs to whoever follows. */
  final Verdicts verdicts;

  /** From before a beat is put into its pipe until its answer is written. */
  final Latencies handling = new Latencies();

  /** How late beats, and registrations, were put in. */
  final Latencies lags = new Latencies();

  /** A fleet of so many, none of which is there yet. */
  PipedFleet(SocketlessBus bus, Frame.Pace pace, int nodes) {
    this.bus = bus;
    this.pace = pace;
    this.verdicts = new Verdicts(pace.timeoutMs());
    this.pipes = new BytePipe[nodes];
    this.order = new int[nodes];
    this.silent = new boolean[nodes];
  }

  /** Has all register, and waits until they are. Who is in beats in every interval meanwhile. */
  void register(int perSecond) {
    long beganNanos = System.nanoTime();
    int perInterval = (int) (perSecond * pace.intervalMs() / MS_PER_SECOND);
    for (int node = 0; node < pipes.length; node++) {
      awaitRegistered(node - WAITING_MAX);
      awaitTurn(beganNanos + node * SECOND_NANOS / perSecond);
      order[node] = node;
      pipes[node] = new BytePipe(this);
      pipes[node].put(hello(node));
      bus.enter(pipes[node]);
      for (int due = node - perInterval; due >= 0; due -= perInterval) {
        beats++;
        pipes[due].beat(BEAT);
      }
    }
    awaitRegistered(pipes.length);
  }

  private void awaitRegistered(int count) {
    while (registered.sum() < count) {
      if (farewells.sum() > 0) {
        throw new IllegalStateException("a node was refused");
      }
      LockSupport.parkNanos(ANSWER_LOOK_NANOS);
    }
  }

  private byte[] hello(int node) {
    return FrameWriter.encode(
        new Frame.Register(
            Wire.VERSION,
            Wire.VERSION,
            0,
            Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS,
            pace,
            4_096,
            65_536,
            node + 1,
            1,
            id(node),
            new byte[0],
            Frame.Attributes.NONE));
  }

  private static String id(int number) {
    return "sensor-%07d".formatted(number);
  }

  /** Shuffles the beats, and picks those that fall silent. */
  void shuffle(int victims, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    for (int chosen = 0; chosen < victims; ) {
      int victim = random.nextInt(order.length);
      chosen += silent[victim] ? 0 : 1;
      silent[victim] = true;
    }
  }

  /**
   * Beats for so long: each node once in every interval, and those that are to fall silent just
   * once.
   */
  void beat(long durationNanos) {
    double spacingNanos = (double) pace.intervalMs() * NANOS_PER_MS / pipes.length;
    long beganNanos = System.nanoTime();
    for (long turn = 0; turn * spacingNanos < durationNanos; turn++) {
      awaitTurn(beganNanos + (long) (turn * spacingNanos));
      int node = order[(int) (turn % order.length)];
      if (!silent[node] || verdicts.lastBeat(id(node))) {
        beats++;
        pipes[node].beat(BEAT);
      }
    }
  }

  private void awaitTurn(long dueNanos) {
    long lateNanos = System.nanoTime() - dueNanos;
    while (lateNanos < 0) {
      LockSupport.parkNanos(-lateNanos);
      lateNanos = System.nanoTime() - dueNanos;
    }
    lags.add(lateNanos);
  }

  /** Begins anew to count how long things take. */
  void forgetTimes() {
    handling.clear();
    lags.clear();
  }

  /** The server has written a frame of that type to that node. Any thread. */
  void answered(BytePipe pipe, @Nullable FrameType type) {
    if (type == FrameType.HEARTBEAT_RES) {
      handling.add(System.nanoTime() - pipe.beatNanos());
      answers.increment();
    } else if (type == FrameType.REGISTER) {
      registered.increment();
    } else if (type != FrameType.PING) {
      farewells.increment();
    }
  }

  /** How many beats were put in. Only the fleet's thread calls it. */
  long beats() {
    return beats;
  }

  /** How many beats were answered. */
  long answers() {
    return answers.sum();
  }

  /** How many frames came that only a node gets that has to go. */
  long farewells() {
    return farewells.sum();
  }
}
