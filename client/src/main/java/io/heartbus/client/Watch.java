package io.heartbus.client;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/**
 * A feed of what happens to nodes, from {@link HeartbeatClient#watch} until it or its client is
 * closed. Any thread; the handler has a virtual thread of its own.
 */
public final class Watch implements AutoCloseable {
  private final WatchProgress progress;
  private final WatchLoop loop;
  private final Thread thread;
  private final Limits limits;

  private Watch(WatchProgress progress, WatchLoop loop, ClientContext context) {
    this.progress = progress;
    this.loop = loop;
    this.limits = context.limits();
    this.thread =
        Thread.ofVirtual()
            .name("heartbus-watch-" + context.options().identity().nodeId())
            .unstarted(loop);
  }

  /** Begins to watch, and waits until the server has agreed. */
  static Watch begin(
      ClientContext context, SessionState state, WatchOptions options, PresenceHandler handler)
      throws IOException, InterruptedException {
    WatchProgress progress = new WatchProgress(options);
    Watch watch = new Watch(progress, new WatchLoop(context, state, progress, handler), context);
    watch.thread.start();
    boolean agreed = false;
    try {
      watch.loop.agreed().get();
      agreed = true;
      return watch;
    } catch (ExecutionException refused) {
      switch (refused.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case null, default -> throw new IllegalStateException(refused);
      }
    } finally {
      if (!agreed) {
        watch.close();
      }
    }
  }

  /**
   * Behind which event it is: everything up to there was handled, or is not wanted. Begin there to
   * go on later.
   */
  public WatchPosition position() {
    WatchPosition reached = progress.position();
    if (reached == null) {
      throw new IllegalStateException("the server has not agreed yet");
    }
    return reached;
  }

  /** False once nothing more will be told. */
  public boolean isOpen() {
    return thread.isAlive();
  }

  /**
   * Ends the watch: a handler that blocks is interrupted, and when this returns, no handler is
   * called any more, unless it goes on after an interrupt for longer than 3 s. Idempotent; from the
   * handler itself it does not wait.
   */
  @Override
  public void close() {
    loop.close();
    if (Thread.currentThread() == thread) {
      return;
    }
    thread.interrupt();
    try {
      boolean _ = thread.join(limits.closeTime());
    } catch (InterruptedException e) {
      // Whoever interrupts a close wants it to be quick; the caller still sees the interrupt.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "Watch[" + (isOpen() ? "" : "closed, ") + progress.position() + "]";
  }
}
