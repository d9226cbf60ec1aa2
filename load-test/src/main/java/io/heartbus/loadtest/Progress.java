package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.series.Point;
import io.heartbus.loadtest.series.Tick;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Tells how a run goes, on a thread of its own: a blocked terminal may not cost anything but what
 * it shows. A few lines that are rewritten on a terminal, plain lines elsewhere. {@link #show}
 * belongs to one thread.
 */
final class Progress implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long PLAIN_NANOS = 5 * SECOND_NANOS;
  private static final long DEMO_NANOS = 10 * SECOND_NANOS;

  private final PrintStream out;
  private final Kind kind;
  private final boolean rewrite;
  private final long everyNanos;
  private final Thread printer;

  /** One place: when the printer is slow, what is old by then is not worth printing. */
  private final BlockingQueue<List<String>> next = new ArrayBlockingQueue<>(1);

  /** Belongs to the thread that shows. */
  private long dueNanos;

  /** Progress of the scenario to {@code out}, which is a terminal or not. */
  Progress(PrintStream out, boolean terminal, Scenario scenario) {
    this.out = out;
    this.kind = scenario.kind();
    this.rewrite = terminal && kind != Kind.DEMO;
    this.everyNanos = kind == Kind.DEMO ? DEMO_NANOS : rewrite ? SECOND_NANOS : PLAIN_NANOS;
    this.dueNanos = everyNanos;
    this.printer = Thread.ofPlatform().name("progress").daemon().start(this::print);
  }

  /** Shows nobody how the scenario goes. */
  static Progress unseen(Scenario scenario) {
    return new Progress(
        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), false, scenario);
  }

  /** Has a second shown soon, if it is time to show one. */
  void show(Tick tick, Point point) {
    if (tick.toNanos() < dueNanos) {
      return;
    }
    List<String> lines =
        rewrite ? ProgressLine.block(kind, tick, point) : List.of(line(tick, point));
    // One that finds the place taken is left out.
    boolean _ = next.offer(lines);
    dueNanos = tick.toNanos() - tick.toNanos() % SECOND_NANOS + everyNanos;
  }

  /** Shows nothing any more. */
  @Override
  public void close() {
    printer.interrupt();
    try {
      printer.join(SECOND_NANOS / 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String line(Tick tick, Point point) {
    return switch (kind) {
      case CONNECT, HEARTBEAT, DETECT, STORM -> ProgressLine.measuring(tick, point);
      case ECHO, FANOUT, MIXED -> ProgressLine.messages(tick, point);
      case DEMO -> ProgressLine.demo(tick, point);
    };
  }

  private void print() {
    int height = 0;
    try {
      while (true) {
        List<String> lines = next.take();
        if (height > 0) {
          // Up by so many lines, and away with all that is below.
          out.print("\033[" + height + "A\033[J");
        }
        lines.forEach(out::println);
        out.flush();
        height = rewrite ? lines.size() : 0;
      }
    } catch (InterruptedException closed) {
      // What it showed last stays.
      return;
    }
  }
}
