package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbus.loadtest.Scenario.Kind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Tells how a run goes, on a thread of its own: neither formatting nor a blocked terminal may make
 * a beat late. One line that is rewritten on a terminal, plain lines elsewhere. {@link #isDue} and
 * {@link #show} belong to the fleet's thread.
 */
final class Progress implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long TERMINAL_NANOS = SECOND_NANOS;
  private static final long PLAIN_NANOS = 5 * SECOND_NANOS;
  private static final long DEMO_NANOS = 10 * SECOND_NANOS;

  private final PrintStream out;
  private final Kind kind;
  private final boolean rewrite;
  private final long everyNanos;
  private final Thread printer;

  /** One place: when the printer is slow, what is old by then is not worth printing. */
  private final BlockingQueue<Snapshot> next = new ArrayBlockingQueue<>(1);

  /** Belongs to the fleet's thread. */
  private long dueNanos;

  /** Progress of the scenario to {@code out}, which is a terminal or not. */
  Progress(PrintStream out, boolean terminal, Scenario scenario) {
    this.out = out;
    this.kind = scenario.kind();
    this.rewrite = terminal && kind != Kind.DEMO;
    this.everyNanos = kind == Kind.DEMO ? DEMO_NANOS : rewrite ? TERMINAL_NANOS : PLAIN_NANOS;
    this.dueNanos = everyNanos;
    this.printer =
        Thread.ofPlatform()
            .name("progress")
            .daemon()
            .start(() -> print(ProgressLine.beginning(scenario.nodes())));
  }

  /** Shows nobody how the scenario goes. */
  static Progress unseen(Scenario scenario) {
    return new Progress(
        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), false, scenario);
  }

  boolean isDue(long nowNanos) {
    return nowNanos >= dueNanos;
  }

  /** Has the snapshot shown soon. */
  void show(Snapshot snapshot) {
    // A snapshot that finds the place taken is left out.
    boolean accepted = next.offer(snapshot);
    dueNanos = snapshot.atNanos() + (accepted ? everyNanos : SECOND_NANOS);
  }

  /** Shows nothing any more, and leaves the line behind, so that what follows begins a new one. */
  @Override
  public void close() {
    printer.interrupt();
    try {
      printer.join(SECOND_NANOS / 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String line(Snapshot now, Snapshot last) {
    return switch (kind) {
      case CONNECT, HEARTBEAT, DETECT, STORM -> ProgressLine.measuring(now, last);
      case ECHO, FANOUT, MIXED -> ProgressLine.messages(now, last);
      case DEMO -> ProgressLine.demo(now, last);
    };
  }

  private void print(Snapshot beginning) {
    Snapshot last = beginning;
    int length = 0;
    try {
      while (true) {
        Snapshot now = next.take();
        String line = line(now, last);
        if (rewrite) {
          out.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
          out.flush();
          length = line.length();
        } else {
          out.println(line);
        }
        last = now;
      }
    } catch (InterruptedException closed) {
      if (length > 0) {
        out.println();
      }
    }
  }
}
