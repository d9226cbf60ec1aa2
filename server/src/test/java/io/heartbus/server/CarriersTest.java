package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When one carrier thread is enough, and when all take part. */
@Timeout(60)
class CarriersTest {
  private static final int MOST = 7;

  private final BlockingQueue<Integer> settings = new LinkedBlockingQueue<>();

  /** What is set is only noted, so that the tests beside these keep their carriers. */
  private Carriers carriers(LongSupplier cpuNanos) {
    return new Carriers(MOST, settings::add, cpuNanos);
  }

  @Test
  void oneIsEnoughWhileNobodyHasToWaitAndAllTakePartOnceSomebodyDoes() throws Exception {
    AtomicBoolean crowded = new AtomicBoolean(true);
    Carriers carriers = carriers(() -> 0);
    carriers.start();
    try {
      assertThat(settings.take()).isOne();
      // As many as there can be threads at once, none of which makes room.
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        Thread.startVirtualThread(() -> {
          while (crowded.get()) {
            Thread.onSpinWait();
          }
        });
      }
      assertThat(settings.take()).isEqualTo(MOST);
    } finally {
      crowded.set(false);
      carriers.end();
    }
  }

  @Test
  void whoeverUsesAProcessorIsNotCalm() throws Exception {
    AtomicLong cpuNanos = new AtomicLong();
    AtomicLong asked = new AtomicLong();
    Carriers carriers =
        carriers(() -> {
          // Asked before and after: more than a processor twice, and then next to nothing.
          long look = asked.getAndIncrement();
          boolean busy = look == 1 || look == 3;
          return cpuNanos.addAndGet(busy ? Duration.ofSeconds(100).toNanos() : 0);
        });
    carriers.start();
    assertThat(settings.take()).isOne();
    assertThat(asked.get()).as("before and after three looks").isGreaterThanOrEqualTo(6);
    carriers.end();
  }

  @Test
  void atTheEndAllTakePart() throws Exception {
    Carriers carriers = carriers(() -> 0);
    carriers.start();
    assertThat(settings.take()).isOne();
    carriers.end();
    int last = 1;
    while (!settings.isEmpty()) {
      last = settings.take();
    }
    assertThat(last).isEqualTo(MOST);
  }
}
