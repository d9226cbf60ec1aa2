package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedOrderTest {
  private final FeedOrder order = new FeedOrder();

  @BeforeEach
  void begin() {
    order.begins("a", 100);
  }

  @Test
  void oneAfterTheOtherIsInOrder() {
    events(101, 102, 103, 104);

    figures(0, 0, 0);
    assertThat(order.events()).isEqualTo(4);
  }

  @Test
  void aNumberThatIsLeftOutIsMissing() {
    events(101, 103, 104, 107);

    figures(3, 0, 0);
  }

  @Test
  void theVeryFirstMayBeMissingToo() {
    events(102);

    figures(1, 0, 0);
  }

  @Test
  void aNumberThatComesAgainIsDoubled() {
    assertThat(order.event(101)).isTrue();
    assertThat(order.event(102)).isTrue();
    assertThat(order.event(101)).isFalse();
    assertThat(order.event(102)).isFalse();
    assertThat(order.event(100)).as("from before the feed began").isFalse();

    figures(0, 3, 0);
  }

  @Test
  void aNumberThatComesLaterIsOutOfOrderAndNotMissing() {
    events(101, 103, 102, 104);

    figures(0, 0, 1);
  }

  @Test
  void aGapIsToldApartFromWhatIsMissingWithoutAWord() {
    events(101);
    order.gap(102, 110);
    events(111, 113);

    figures(1, 0, 0);
    assertThat(order.gaps()).isEqualTo(1);
    assertThat(order.gapEvents()).isEqualTo(9);
  }

  @Test
  void aGapExcusesNothingThatShouldHaveComeBefore() {
    events(101, 104);
    order.gap(102, 106);

    figures(2, 0, 0);
    assertThat(order.gapEvents()).isEqualTo(2);
  }

  @Test
  void aFeedThatIsResumedGoesOnWhereItWas() {
    events(101, 102);
    order.begins("a", 102);
    events(103);

    figures(0, 0, 0);
  }

  @Test
  void whatGetsLostOrIsRepeatedAroundABreakCounts() {
    events(101, 102);
    order.begins("a", 104);
    events(105);
    order.begins("a", 101);
    events(102);

    figures(2, 1, 0);
  }

  @Test
  void anotherLogCountsAndBeginsAnew() {
    events(101, 103);
    order.begins("b", 7);
    events(8, 9);

    figures(1, 0, 0);
    assertThat(order.otherLogs()).isEqualTo(1);
  }

  private void events(long... numbers) {
    for (long number : numbers) {
      boolean _ = order.event(number);
    }
  }

  private void figures(long missing, long duplicated, long reordered) {
    assertThat(order.missing()).as("missing").isEqualTo(missing);
    assertThat(order.duplicated()).as("doubled").isEqualTo(duplicated);
    assertThat(order.reordered()).as("out of order").isEqualTo(reordered);
  }
}
