package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import org.junit.jupiter.api.Test;

/** How a change of pace is told, and when it binds. */
class TempoTest {
  private final Tempo tempo = new Tempo(new Frame.Pace(10_000, 30_000));

  @Test
  void withoutAChangeABeatTellsNothing() {
    assertThat(tempo.beat()).isNull();
    assertThat(tempo.judgedTimeoutMs()).isEqualTo(30_000);
  }

  @Test
  void aShorterPaceIsToldAtOnceAndBindsFromTheBeatAfterThat() {
    tempo.change(1_000, 5_000);
    assertThat(tempo.judgedTimeoutMs()).isEqualTo(30_000);
    assertThat(tempo.beat()).isEqualTo(new Frame.Pace(1_000, 5_000));
    assertThat(tempo.intervalMs()).isEqualTo(10_000);
    assertThat(tempo.judgedIntervalMs()).isEqualTo(10_000);
    assertThat(tempo.judgedTimeoutMs()).isEqualTo(30_000);
    assertThat(tempo.beat()).isNull();
    assertThat(tempo.intervalMs()).isEqualTo(1_000);
    assertThat(tempo.judgedIntervalMs()).isEqualTo(1_000);
    assertThat(tempo.judgedTimeoutMs()).isEqualTo(5_000);
  }

  @Test
  void aLongerTimeoutHoldsBeforeTheNodeKnows() {
    tempo.change(60_000, 180_000);
    assertThat(tempo.judgedTimeoutMs()).isEqualTo(180_000);
    assertThat(tempo.judgedIntervalMs()).isEqualTo(60_000);
    assertThat(tempo.timeoutMs()).isEqualTo(30_000);
  }

  @Test
  void ofTwoChangesBetweenTwoBeatsTheLaterIsTold() {
    tempo.change(1_000, 5_000);
    tempo.change(2_000, 6_000);
    assertThat(tempo.latestIntervalMs()).isEqualTo(2_000);
    assertThat(tempo.beat()).isEqualTo(new Frame.Pace(2_000, 6_000));
    assertThat(tempo.beat()).isNull();
    assertThat(tempo.timeoutMs()).isEqualTo(6_000);
  }

  @Test
  void aChangeAfterTheFirstWasToldIsToldInItsTurn() {
    tempo.change(1_000, 5_000);
    assertThat(tempo.beat()).isEqualTo(new Frame.Pace(1_000, 5_000));
    tempo.change(2_000, 6_000);
    assertThat(tempo.beat()).isEqualTo(new Frame.Pace(2_000, 6_000));
    assertThat(tempo.judgedTimeoutMs()).isEqualTo(30_000);
    assertThat(tempo.beat()).isNull();
    assertThat(tempo.intervalMs()).isEqualTo(2_000);
  }

  @Test
  void changesFromOtherThreadsAreNeverLost() throws InterruptedException {
    for (int round = 0; round < 500; round++) {
      Tempo contended = new Tempo(new Frame.Pace(10, 30));
      Thread asker =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 1; i <= 100; i++) {
                  contended.change(100 + i, 1_000 + i);
                }
              });
      while (asker.isAlive()) {
        contended.beat();
      }
      asker.join();
      Frame.Pace last = contended.beat();
      last = last == null ? contended.beat() : last;
      contended.beat();
      assertThat(contended.intervalMs()).isEqualTo(200);
      assertThat(contended.timeoutMs()).isEqualTo(1_100);
    }
  }
}
