package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.client.HeartbeatPacer.Action;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatPacerTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** A node at 10 s / 30 s with a phase of 4 s, and everything that a test moves. */
  private static final class Node {
    final long startNanos;
    final HeartbeatPacer pacer;
    long heardNanos;
    long sentNanos;
    long nowNanos;

    Node(long startNanos) {
      this.startNanos = startNanos;
      heardNanos = startNanos;
      sentNanos = startNanos - SECOND;
      nowNanos = startNanos;
      pacer = new HeartbeatPacer(10 * SECOND, 30 * SECOND, 4 * SECOND, startNanos, new Random(5));
    }

    Node at(double seconds) {
      nowNanos = startNanos + (long) (seconds * SECOND);
      return this;
    }

    Action act() {
      return pacer.act(heardNanos, sentNanos, nowNanos);
    }

    Node hears() {
      heardNanos = nowNanos;
      return this;
    }

    Node sends() {
      sentNanos = nowNanos;
      return this;
    }

    double restSeconds() {
      return (double) pacer.restNanos(heardNanos, nowNanos) / SECOND;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 12345, Long.MAX_VALUE - 1, Long.MIN_VALUE, -7 * 1_000_000_000L})
  void theFirstBeatComesAfterThePhase(long startNanos) {
    Node node = new Node(startNanos);
    assertThat(node.act()).isEqualTo(Action.NONE);
    assertThat(node.restSeconds()).isEqualTo(4);
    assertThat(node.at(3.999).act()).isEqualTo(Action.NONE);
    assertThat(node.at(4).act()).isEqualTo(Action.BEAT);
    assertThat(node.act()).isEqualTo(Action.NONE);
  }

  @Test
  void furtherBeatsComeAfterTheIntervalGiveOrTakeATenth() {
    Node node = new Node(0);
    assertThat(node.at(4).act()).isEqualTo(Action.BEAT);
    double least = 99;
    double most = 0;
    double now = 4;
    for (int i = 0; i < 1000; i++) {
      node.at(now).sends().hears();
      assertThat(node.act()).isEqualTo(Action.NONE);
      double rest = node.restSeconds();
      least = Math.min(least, rest);
      most = Math.max(most, rest);
      now += rest + 1e-6;
      node.hears();
      assertThat(node.at(now).act()).isEqualTo(Action.BEAT);
    }
    assertThat(least).isBetween(9.0, 9.1);
    assertThat(most).isBetween(10.9, 11.0);
  }

  @Test
  void anyFrameThatLeavesRestartsTheTimer() {
    Node node = new Node(0);
    node.at(3.9).sends();
    assertThat(node.at(4).act()).isEqualTo(Action.NONE);
    assertThat(node.at(12.8).hears().act()).isEqualTo(Action.NONE);
    node.sends();
    assertThat(node.at(21.7).hears().act()).isEqualTo(Action.NONE);
    assertThat(node.at(23.9).act()).isEqualTo(Action.BEAT);
  }

  @Test
  void aBeatThatIsStuckIsNotFollowedByAnother() {
    Node node = new Node(0);
    assertThat(node.at(4).act()).isEqualTo(Action.BEAT);
    for (double now = 5; now < 60; now += 5) {
      assertThat(node.at(now).hears().act()).isEqualTo(Action.NONE);
      assertThat(node.restSeconds()).isPositive();
    }
    node.at(60).sends();
    assertThat(node.act()).isEqualTo(Action.NONE);
    assertThat(node.at(71).hears().act()).isEqualTo(Action.BEAT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 20_000_000_000L, Long.MIN_VALUE})
  void silenceOfHalfTheTimeoutAsksOnceAndTheWholeOneGivesUp(long startNanos) {
    Node node = new Node(startNanos);
    for (double now = 0.5; now < 15; now += 0.5) {
      assertThat(node.at(now).sends().act()).isEqualTo(Action.NONE);
    }
    assertThat(node.at(15).act()).isEqualTo(Action.PING);
    for (double now = 15; now < 30; now += 0.5) {
      assertThat(node.at(now).sends().act()).isEqualTo(Action.NONE);
    }
    assertThat(node.at(29).restSeconds()).isEqualTo(1);
    assertThat(node.at(30).act()).isEqualTo(Action.GIVE_UP);
  }

  @Test
  void anyFrameThatComesInEndsTheSilence() {
    Node node = new Node(0);
    assertThat(node.at(15).sends().act()).isEqualTo(Action.PING);
    node.at(29).sends().hears();
    assertThat(node.at(30).sends().act()).isEqualTo(Action.NONE);
    assertThat(node.at(43.9).sends().act()).isEqualTo(Action.NONE);
    assertThat(node.at(44).sends().act()).isEqualTo(Action.PING);
  }

  @Test
  void aProcessThatWasStoppedAsksBeforeItGivesUp() {
    Node node = new Node(0);
    node.at(500).sends();
    assertThat(node.act()).isEqualTo(Action.PING);
    assertThat(node.at(514.9).sends().act()).isEqualTo(Action.NONE);
    assertThat(node.at(515).act()).isEqualTo(Action.GIVE_UP);
  }

  @Test
  void aSlowerPaceBindsFromTheNextBeat() {
    Node node = new Node(0);
    node.pacer.retune(100 * SECOND, 300 * SECOND);
    assertThat(node.at(4).act()).isEqualTo(Action.BEAT);
    node.sends();
    assertThat(node.at(93.9).act()).isEqualTo(Action.NONE);
    assertThat(node.at(114.1).hears().act()).isEqualTo(Action.BEAT);
  }

  @Test
  void aFasterPaceBringsTheNextBeatForwardAndKeepsTheLongTimeoutUntilThen() {
    Node node = new Node(0);
    assertThat(node.at(4).act()).isEqualTo(Action.BEAT);
    node.sends();
    assertThat(node.act()).isEqualTo(Action.NONE);
    node.pacer.retune(SECOND, 3 * SECOND);
    assertThat(node.at(4.8).act()).isEqualTo(Action.NONE);
    assertThat(node.at(5.1).act()).isEqualTo(Action.BEAT);
    node.sends();
    // From the beat on the short timeout holds, and 5.1 s of silence are too much at once: ask.
    assertThat(node.act()).isEqualTo(Action.PING);
    assertThat(node.at(6.7).act()).isIn(Action.GIVE_UP);
  }

  @Test
  void nothingIsDueBeforeTheRestIsOver() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Node node = new Node(random.nextLong());
    for (int i = 0; i < 10_000; i++) {
      Action action = node.act();
      long restNanos = node.pacer.restNanos(node.heardNanos, node.nowNanos);
      if (action == Action.NONE && restNanos > 1) {
        node.nowNanos += random.nextLong(restNanos - 1);
        assertThat(node.act()).as("seed %d step %d", seed, i).isEqualTo(Action.NONE);
      }
      switch (random.nextInt(3)) {
        case 0 -> node.hears();
        case 1 -> node.sends();
        default -> node.nowNanos += random.nextLong(12 * SECOND);
      }
      if (action == Action.GIVE_UP) {
        node.hears();
      }
    }
  }
}
