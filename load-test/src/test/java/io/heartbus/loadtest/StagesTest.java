package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Stages.Stage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static final long SETTLE = 4_000_000_000L;
  private static final long DRAIN = 70;

  private final Stages stages = new Stages(1_000, DRAIN, 0);

  @Test
  void theRampEndsWhenEveryNodeIsDecided() {
    assertThat(stages.advance(10, census(1, 5, 3), SETTLE)).isFalse();
    assertThat(stages.advance(20, census(0, 5, 3), SETTLE)).isTrue();
    assertThat(stages.stage()).isEqualTo(Stage.HOLD);
    assertThat(stages.sinceNanos()).isEqualTo(20);
  }

  @Test
  void allAreHeldForTheDuration() {
    stages.advance(20, census(0, 5, 3), SETTLE);

    assertThat(stages.advance(1_019, census(0, 5, 3), SETTLE)).isFalse();
    assertThat(stages.advance(1_020, census(0, 5, 3), SETTLE)).isTrue();
    assertThat(stages.stage()).isEqualTo(Stage.DRAIN);
  }

  @Test
  void withNobodyLeftThereIsNothingToHold() {
    stages.advance(20, census(0, 5, 3), SETTLE);
    stages.advance(21, census(0, 0, 0), SETTLE);
    stages.advance(22, messages(0, 3), SETTLE);

    assertThat(stages.stage()).isEqualTo(Stage.DRAIN);
    stages.advance(23, census(0, 0, 0), SETTLE);
    assertThat(stages.stage()).isEqualTo(Stage.SETTLE);
  }

  @Test
  void theRampWaitsForTheChannelsToo() {
    assertThat(stages.advance(10, messages(2, 0), SETTLE)).isFalse();
    assertThat(stages.advance(20, messages(0, 0), SETTLE)).isTrue();
    assertThat(stages.stage()).isEqualTo(Stage.HOLD);
  }

  @Test
  void theLastMessagesAreAwaitedButNotForEver() {
    to(Stage.DRAIN, stages);
    long since = stages.sinceNanos();
    assertThat(stages.advance(since + DRAIN - 1, messages(0, 1), SETTLE)).isFalse();
    assertThat(stages.advance(since + DRAIN, messages(0, 1), SETTLE)).isTrue();
    assertThat(stages.stage()).isEqualTo(Stage.SETTLE);

    Stages quick = new Stages(0, DRAIN, 0);
    to(Stage.DRAIN, quick);
    assertThat(quick.advance(quick.sinceNanos(), messages(0, 0), SETTLE)).isTrue();
  }

  @Test
  void theLastAnswersAreAwaitedButNotForEver() {
    to(Stage.SETTLE, stages);
    long since = stages.sinceNanos();
    assertThat(stages.advance(since + SETTLE - 1, census(0, 5, 1), SETTLE)).isFalse();
    assertThat(stages.advance(since + SETTLE, census(0, 5, 1), SETTLE)).isTrue();

    Stages quick = new Stages(0, DRAIN, 0);
    to(Stage.SETTLE, quick);
    assertThat(quick.advance(quick.sinceNanos(), census(0, 5, 0), SETTLE)).isTrue();
    assertThat(quick.stage()).isEqualTo(Stage.LEAVE);
  }

  @Test
  void goodbyesEndWithTheLastConnectionOrTheirTime() {
    to(Stage.LEAVE, stages);
    long since = stages.sinceNanos();
    long latest = since + Stages.LEAVE_NANOS_MAX;
    assertThat(stages.advance(latest - 1, census(0, 5, 0), SETTLE)).isFalse();
    assertThat(stages.advance(latest, census(0, 5, 0), SETTLE)).isTrue();
    assertThat(stages.stage()).isEqualTo(Stage.DONE);
    assertThat(stages.advance(latest + 1, census(0, 0, 0), SETTLE)).isFalse();

    Stages other = new Stages(0, DRAIN, 0);
    to(Stage.LEAVE, other);
    assertThat(other.advance(other.sinceNanos(), census(0, 0, 0), SETTLE)).isTrue();
  }

  @Test
  void aRunThatIsCutShortHurriesItsGoodbyesAndCannotBeCutTwice() {
    stages.cutShort(100);
    assertThat(stages.stage()).isEqualTo(Stage.LEAVE);
    stages.cutShort(200);
    assertThat(stages.sinceNanos()).isEqualTo(100);
    stages.advance(100 + Stages.HURRIED_LEAVE_NANOS_MAX, census(3, 5, 0), SETTLE);
    assertThat(stages.stage()).isEqualTo(Stage.DONE);
  }

  @Test
  void theCoolDownIsTimeForGoodbyesUntilSomebodyIsInAHurry() {
    Stages slow = new Stages(0, DRAIN, 60_000_000_000L);
    long now = 0;
    while (slow.stage() != Stage.LEAVE) {
      slow.advance(++now, census(0, 5, 0), SETTLE);
    }
    assertThat(slow.advance(now + 60_000_000_000L, census(0, 5, 0), SETTLE)).isFalse();

    slow.cutShort(now + 60_000_000_000L);
    assertThat(slow.hurried()).isTrue();
    assertThat(slow.advance(now + 62_000_000_000L, census(0, 5, 0), SETTLE)).isTrue();
    assertThat(slow.stage()).isEqualTo(Stage.DONE);
  }

  @Test
  void goodbyesAreSpreadEvenlyOverTheCoolDown() {
    Stages slow = new Stages(0, DRAIN, 1_000);
    to(Stage.LEAVE, slow);
    long since = slow.sinceNanos();

    assertThat(IntStream.range(0, 4).mapToLong(turn -> slow.leaveNanos(turn, 4) - since))
        .containsExactly(0L, 250L, 500L, 750L);
    slow.cutShort(since + 300);
    assertThat(slow.leaveNanos(3, 4)).isEqualTo(since + 300);
  }

  @Test
  void whoKeepsShortIntervalsMayStillBeLateWithTheLastAnswer() {
    to(Stage.SETTLE, stages);
    long since = stages.sinceNanos();

    assertThat(stages.advance(since + 2_999_999_999L, census(0, 5, 1), 1)).isFalse();
    assertThat(stages.advance(since + 3_000_000_000L, census(0, 5, 1), 1)).isTrue();
  }

  @Test
  void aRunForEverWaitsForNodesToComeBack() {
    Stages demo = new Stages(Long.MAX_VALUE, DRAIN, 0);
    demo.advance(20, census(0, 5, 0), SETTLE);

    assertThat(demo.advance(Long.MAX_VALUE / 2, census(0, 0, 0), SETTLE)).isFalse();
    assertThat(demo.stage()).isEqualTo(Stage.HOLD);
  }

  private static void to(Stage stage, Stages stages) {
    long now = 0;
    while (stages.stage() != stage) {
      stages.advance(now += 10_000, census(0, 5, 0), SETTLE);
    }
  }

  private static Census census(int undecided, int connections, long owed) {
    return new Census(undecided, 5, connections, connections, 0, owed, 0, 0);
  }

  private static Census messages(long openingChannels, long owedMessages) {
    return new Census(0, 5, 5, 5, 0, 0, openingChannels, owedMessages);
  }
}
