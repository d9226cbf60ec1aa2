package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.liveness.MassLossGuard.Finding;
import io.heartbus.server.liveness.MassLossGuard.Noticed;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When verdicts wait, and how they are given in the end. Times are in seconds. */
class MassLossGuardTest {
  private static final long SECOND = 1_000_000_000;
  private static final long TIMEOUT = 30 * SECOND;
  private static final MassLossSettings SETTINGS = new MassLossSettings(0.01, 50, 0.55, 20, 1, 2);

  private final MassLossGuard guard = new MassLossGuard(SETTINGS);
  private long start = Long.MAX_VALUE - 40 * SECOND;

  private List<Noticed> pass(double second, long nodes, Map<String, Integer> atRisk) {
    long now = start + (long) (second * SECOND);
    return guard.pass(now, new Finding(nodes, atRisk, TIMEOUT), _ -> 100);
  }

  private int released(String group, int wanted) {
    int count = 0;
    while (count < wanted && guard.release(group)) {
      count++;
    }
    return count;
  }

  @Test
  void fiftyOfAFewThousandAreBelievedAndOneMoreIsNot() {
    assertThat(pass(0, 3_000, Map.of("", 50))).isEmpty();
    assertThat(guard.holds("")).isFalse();
    assertThat(guard.release("")).isTrue();
    assertThat(pass(1, 3_000, Map.of("", 51))).containsExactly(new Noticed(null));
    assertThat(guard.holds("any")).isTrue();
    assertThat(guard.release("")).isFalse();
  }

  @Test
  void ofManyItIsTheShareThatCounts() {
    Finding bearable = new Finding(100_000, Map.of("a", 600, "b", 400), TIMEOUT);
    assertThat(guard.pass(start, bearable, _ -> 50_000)).isEmpty();
    Finding loss = new Finding(100_000, Map.of("a", 600, "b", 401), TIMEOUT);
    assertThat(guard.pass(start, loss, _ -> 50_000)).containsExactly(new Noticed(null));
  }

  @Test
  void fiftyFivePerCentOfAGroupAreHeldAndTheOtherGroupsAreNot() {
    assertThat(pass(0, 100_000, Map.of("rack", 55))).isEmpty();
    assertThat(pass(1, 100_000, Map.of("rack", 56, "other", 3)))
        .containsExactly(new Noticed("rack"));
    assertThat(guard.holds("rack")).isTrue();
    assertThat(guard.holds("other")).isFalse();
    assertThat(guard.release("other")).isTrue();
    assertThat(guard.release("rack")).isFalse();
  }

  @Test
  void aSmallGroupIsNoGroup() {
    MassLossGuard other = new MassLossGuard(SETTINGS);
    Finding finding = new Finding(100_000, Map.of("pair", 19), TIMEOUT);
    assertThat(other.pass(start, finding, _ -> 19)).isEmpty();
    assertThat(other.pass(start, new Finding(100_000, Map.of("pair", 20), TIMEOUT), _ -> 20))
        .containsExactly(new Noticed("pair"));
  }

  @Test
  void oneLossIsNoticedOnceHoweverItGrows() {
    assertThat(pass(0, 1_000, Map.of("rack", 51))).hasSize(1);
    for (int i = 1; i < 20; i++) {
      assertThat(pass(i, 1_000, Map.of("rack", 51 + 20 * i, "more", 30 * i))).isEmpty();
    }
  }

  @Test
  void aGroupThatIsHeldForItselfDoesNotMakeItALossOfAll() {
    assertThat(pass(0, 1_000, Map.of("rack", 56, "other", 50)))
        .containsExactly(new Noticed("rack"));
    assertThat(pass(1, 1_000, Map.of("rack", 100, "other", 51))).containsExactly(new Noticed(null));
  }

  @Test
  void whenAllAreBackTheNextLossIsAnother() {
    assertThat(pass(0, 1_000, Map.of("", 60))).hasSize(1);
    assertThat(pass(1, 1_000, Map.of())).isEmpty();
    assertThat(guard.holdsAny()).isFalse();
    assertThat(pass(2, 1_000, Map.of("", 60))).hasSize(1);
  }

  @Test
  void verdictsWaitForOneTimeoutAndAreSpreadOverTheNext() {
    int left = 600;
    assertThat(pass(0, 1_000, Map.of("", left))).hasSize(1);
    for (int second = 1; second <= 30; second++) {
      assertThat(pass(second, 1_000, Map.of("", left))).isEmpty();
      assertThat(released("", left)).as("second %d", second).isZero();
    }
    for (int second = 31; second < 60; second++) {
      pass(second, 1_000, Map.of("", left));
      int now = released("", left);
      assertThat(now).as("second %d", second).isBetween(19, 21);
      left -= now;
    }
    pass(60, 1_000, Map.of("", left));
    assertThat(released("", left)).isEqualTo(left);
  }

  @Test
  void afterTwoTimeoutsNothingIsHeldOfThatLossAny() {
    pass(0, 1_000, Map.of("", 600));
    pass(61, 1_000, Map.of("", 600));
    assertThat(released("", 600)).isEqualTo(600);
    // One that fell silent later is at risk alone, and judged like any other.
    pass(62, 1_000, Map.of("", 1));
    assertThat(guard.holdsAny()).isFalse();
  }

  @Test
  void whateverHappensEveryVerdictIsGivenWithinTwoTimeouts() {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      MassLossGuard any = new MassLossGuard(SETTINGS);
      int silent = 51 + random.nextInt(5_000);
      double second = 0;
      double tripped = -1;
      while (silent > 0) {
        long now = start + (long) (second * SECOND);
        boolean fresh =
            !any.pass(now, new Finding(5_000, Map.of("", silent), TIMEOUT), _ -> 0).isEmpty();
        tripped = fresh && tripped < 0 ? second : tripped;
        while (silent > 0 && any.release("")) {
          silent--;
        }
        assertThat(second - tripped).as("seed %d", seed).isLessThan(60.001);
        second += silent > 0 ? Math.min(random.nextDouble(4), 60 - second) + 1e-9 : 0;
      }
    }
  }
}
