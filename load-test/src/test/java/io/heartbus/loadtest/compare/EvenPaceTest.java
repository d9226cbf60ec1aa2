package io.heartbus.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EvenPaceTest {
  @Test
  void itIsEvenAndDoesNotDrift() {
    long begin = Long.MAX_VALUE - 1_000;
    EvenPace pace = new EvenPace(begin, 3);

    assertThat(pace.dueNanos(0)).isEqualTo(begin);
    assertThat(pace.dueNanos(1) - begin).isEqualTo(333_333_333);
    assertThat(pace.dueNanos(2) - begin).isEqualTo(666_666_667);
    assertThat(pace.dueNanos(3_000_000) - begin).isEqualTo(1_000_000L * 1_000_000_000);
    assertThatThrownBy(() -> new EvenPace(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWindowBeginsAfterTheWarmUp() {
    long now = Long.MAX_VALUE - 5;
    Window window = Window.after(now, Duration.ofNanos(10), Duration.ofNanos(20));

    assertThat(window.contains(now + 9)).isFalse();
    assertThat(window.contains(now + 10)).isTrue();
    assertThat(window.contains(now + 29)).isTrue();
    assertThat(window.contains(now + 30)).isFalse();
    assertThat(window.seconds()).isEqualTo(20e-9);
  }

  @Test
  void latenciesCountFromTheIntendedTimeAndWithinTheWindow() {
    Tally tally = new Tally(new Window(1_000_000, 2_000_000_000));
    tally.answered(0, 999_999);
    tally.answered(500_000, 1_500_000);
    tally.answered(0, 1_999_000_000);
    tally.answered(0, 2_000_000_000);

    assertThat(tally.count()).isEqualTo(2);
    assertThat(tally.percentileMs(50)).isEqualTo(1.0);
    assertThat(tally.percentileMs(99)).isBetween(1_998.0, 2_000.0);
  }

  @Test
  void answersComeInTheOrderOfTheQuestions() throws IOException {
    Underway underway = new Underway();
    for (int i = 0; i < 1_000; i++) {
      underway.add(i);
      underway.add(-i);
      assertThat(underway.count()).isEqualTo(2);
      assertThat(underway.take()).isEqualTo(i);
      assertThat(underway.take()).isEqualTo(-i);
    }
    assertThatThrownBy(underway::take).hasMessageContaining("nobody asked");
    for (int i = 0; i < Underway.COUNT_MAX; i++) {
      underway.add(i);
    }
    assertThatThrownBy(() -> underway.add(0)).hasMessageContaining("unanswered");
  }
}
