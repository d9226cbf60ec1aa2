package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How tests wait: for a condition, or for something to happen on another thread. */
public final class Await {
  private Await() {}

  /** Polls until the condition holds; fails when it never does. */
  public static void until(String what, BooleanSupplier condition) {
    long giveUpNanos = System.nanoTime() + ScriptedServer.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - giveUpNanos).as("never: %s", what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Waits for the latch; fails when it never opens. */
  public static void open(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(ScriptedServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** A call that runs on a virtual thread of its own, and can be interrupted. */
  public static final class Running<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Running(Callable<T> call) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  result.complete(call.call());
                } catch (Throwable e) {
                  result.completeExceptionally(e);
                }
              });
    }

    /** Until the call waits for something; it has to. */
    public Running<T> untilBlocked() {
      until(
          "the call waits",
          () ->
              thread.getState() == Thread.State.WAITING
                  || thread.getState() == Thread.State.TIMED_WAITING
                  || result.isDone());
      assertThat(result).as("ended instead of waiting").isNotDone();
      return this;
    }

    public void interrupt() {
      thread.interrupt();
    }

    public boolean isDone() {
      return result.isDone();
    }

    public T get() throws Exception {
      return result.get(ScriptedServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What the call threw; it has to throw. */
    public Throwable failure() {
      until("the call ends", result::isDone);
      assertThat(result).isCompletedExceptionally();
      return result.exceptionNow();
    }
  }

  public static <T> Running<T> start(Callable<T> call) {
    return new Running<>(call);
  }
}
