package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.DetectionFigures.FalseVerdicts;
import io.heartbus.loadtest.DetectionFigures.FaultFigures;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the book makes of a feed, told by hand: an interval is 100 ms, the timeout 300 ms. */
class PresenceBookTest {
  private static final long MS = 1_000_000;
  private static final long SESSION = 7;

  private final PresenceBook book = new PresenceBook("n-", 10);
  private long seq;

  @BeforeEach
  void begin() {
    book.begins("log", 0, false);
  }

  @Test
  void aNodeThatFallsSilentIsMeasuredFromItsDeathAndFromItsDeadline() {
    enter(1);
    book.spoke(1, 1_000 * MS);
    book.killed(1, Fault.SILENCE, 1_050 * MS, 1_050 * MS);
    tell("suspect", 1, null, 1_220 * MS);
    tell("offline", 1, "TIMEOUT", 1_340 * MS);

    FaultFigures silence = faults(Fault.SILENCE);
    assertThat(silence.detected()).isEqualTo(1);
    assertThat(silence.wrongCause() + silence.early() + silence.unsure()).isZero();
    assertThat(silence.detection().maxMs()).isBetween(290.0, 290.5);
    assertThat(silence.delay().maxMs()).isBetween(40.0, 40.1);
    assertThat(verdicts().offline() + verdicts().suspect()).isZero();
  }

  @Test
  void aVerdictBeforeTheDeadlineIsEarly() {
    enter(1);
    book.spoke(1, 1_000 * MS);
    book.killed(1, Fault.SILENCE, 1_050 * MS, 1_050 * MS);
    tell("offline", 1, "TIMEOUT", 1_298 * MS);

    assertThat(faults(Fault.SILENCE).early()).isEqualTo(1);
    assertThat(faults(Fault.SILENCE).delay().maxMs()).isNull();
  }

  @Test
  void whoNeverBeatIsJudgedFromItsRegisterNotFromWhenItLearntThatItWasIn() {
    book.spoke(1, 1_000 * MS);
    book.entered(1, 1_200 * MS, 100, 300);
    book.killed(1, Fault.SILENCE, 1_210 * MS, 1_210 * MS);
    tell("online", 1, null, 1_205 * MS);
    tell("offline", 1, "TIMEOUT", 1_350 * MS);

    assertThat(faults(Fault.SILENCE).early()).isZero();
    assertThat(faults(Fault.SILENCE).delay().maxMs()).isBetween(50.0, 50.1);
  }

  @Test
  void aClosedConnectionIsMeasuredFromItsEndAndNeedsTheRightCause() {
    enter(1);
    enter(2);
    book.killed(1, Fault.CLOSE, 1_000 * MS, 1_000 * MS);
    book.killed(2, Fault.CLOSE, 1_000 * MS, 1_000 * MS);
    tell("offline", 1, "DISCONNECTED", 1_003 * MS);
    tell("offline", 2, "TIMEOUT", 1_300 * MS);

    FaultFigures close = faults(Fault.CLOSE);
    assertThat(close.detected()).isEqualTo(2);
    assertThat(close.wrongCause()).isEqualTo(1);
    assertThat(close.detection().p50Ms()).isBetween(3.0, 3.1);
    assertThat(close.delay().maxMs()).isNull();
  }

  @Test
  void aDeathThatNobodyTellsIsMissed() {
    enter(1);
    book.killed(1, Fault.RESET, 1_000 * MS, 1_000 * MS);

    assertThat(faults(Fault.RESET).victims()).isEqualTo(1);
    assertThat(faults(Fault.RESET).detected()).isZero();
  }

  @Test
  void aDeathThatIsOnlyToldWhenAllConnectionsCloseIsMissed() {
    enter(1);
    book.spoke(1, 1_000 * MS);
    book.killed(1, Fault.SILENCE, 1_050 * MS, 1_050 * MS);
    book.leaving(9_000 * MS);
    tell("offline", 1, "DISCONNECTED", 9_001 * MS);

    assertThat(faults(Fault.SILENCE).detected()).isZero();
    assertThat(faults(Fault.SILENCE).wrongCause()).isZero();
    assertThat(verdicts().offline()).isZero();
    DetectionFigures cutShort = book.figures(9_100 * MS, false);
    assertThat(cutShort.faults().get(2).victims()).as("of a run that was cut short").isZero();
  }

  @Test
  void verdictsAboutTheLivingAreFalse() {
    enter(1);
    enter(2);
    book.spoke(1, 1_000 * MS);
    book.spoke(2, 1_000 * MS);
    tell("suspect", 1, null, 1_100 * MS);
    tell("offline", 2, "TIMEOUT", 1_200 * MS);
    tell("offline", 1, "DISCONNECTED", 1_900 * MS);

    assertThat(verdicts().suspect()).isEqualTo(1);
    assertThat(verdicts().offline()).isEqualTo(2);
    assertThat(verdicts().neglected()).isZero();
  }

  @Test
  void aVerdictJustBeforeTheDeathIsFalseAllTheSame() {
    enter(1);
    book.spoke(1, 1_000 * MS);
    book.killed(1, Fault.CLOSE, 1_100 * MS, 1_100 * MS);
    tell("offline", 1, "DISCONNECTED", 1_099 * MS);

    assertThat(verdicts().offline()).isEqualTo(1);
    assertThat(faults(Fault.CLOSE).detected()).isZero();
  }

  @Test
  void silenceOfTheLoadTestersOwnMakingDoesNotCount() {
    enter(1);
    book.spoke(1, 1_000 * MS);
    tell("suspect", 1, null, 1_201 * MS);
    tell("offline", 1, "TIMEOUT", 1_301 * MS);

    assertThat(verdicts().suspect() + verdicts().offline()).isZero();
    assertThat(verdicts().neglected()).isEqualTo(2);
  }

  @Test
  void whoLeavesMayBeOfflineAndHasToBe() {
    enter(1);
    enter(2);
    book.leaving(2_000 * MS);
    tell("offline", 1, "LEFT", 2_001 * MS);

    assertThat(verdicts().offline()).isZero();
    assertThat(figures().feed().absent()).isEqualTo(1);
    tell("offline", 2, "LEFT", 2_002 * MS);
    assertThat(figures().feed().absent()).isZero();
  }

  @Test
  void whoCameInWithoutAnEventIsMissed() {
    book.entered(1, 10 * MS, 100, 300);

    assertThat(figures().feed().absent()).isEqualTo(1);
    tell("online", 1, null, 11 * MS);
    assertThat(figures().feed().absent()).isZero();
  }

  @Test
  void anEventThatCannotFollowTheOneBeforeItIsIllegal() {
    enter(1);
    tell("online", 1, null, 20 * MS);
    tell("suspect", 1, null, 21 * MS);
    tell("suspect", 1, null, 22 * MS);
    tell("online", 1, null, 23 * MS);
    tell("offline", 1, "LEFT", 24 * MS);
    tell("offline", 1, "LEFT", 25 * MS);
    book.event(new FeedEvent(++seq, "online", "n-1", SESSION - 1, null), 26 * MS);

    assertThat(figures().feed().illegal()).as("online, suspect, offline, old session").isEqualTo(4);
  }

  @Test
  void afterAMassLossANodeMayBeOnlineAgainThatWasNeverCalledSuspect() {
    enter(1);
    book.event(new FeedEvent(++seq, "mass_loss", null, 0, null), 20 * MS);
    tell("online", 1, null, 21 * MS);

    assertThat(figures().feed().illegal()).isZero();
    assertThat(figures().feed().massLosses()).isEqualTo(1);
  }

  @Test
  void nodesOfOthersOnlyCountInTheOrder() {
    book.event(new FeedEvent(1, "offline", "stranger", 1, "LEFT"), 0);
    book.event(new FeedEvent(2, "offline", "n-10", 1, "LEFT"), 0);
    book.event(new FeedEvent(2, "offline", "n-x", 1, "LEFT"), 0);
    book.event(new FeedEvent(4, "stall", null, 0, null), 0);

    DetectionFigures.Feed feed = figures().feed();
    assertThat(feed.events()).isEqualTo(4);
    assertThat(feed.duplicated()).isEqualTo(1);
    assertThat(feed.missing()).isEqualTo(1);
    assertThat(feed.stalls()).isEqualTo(1);
    assertThat(feed.illegal()).isZero();
  }

  @Test
  void aFrameThatLeftAnotherProcessBesideItsFaultMakesTheDelayUnsure() {
    enter(1);
    enter(2);
    enter(3);
    for (int node = 1; node <= 3; node++) {
      book.spoke(node, 900 * MS);
    }
    book.spoke(1, 980 * MS);
    for (int node = 1; node <= 3; node++) {
      book.killed(node, Fault.DROP, 1_000 * MS, 1_010 * MS);
    }
    book.spoke(2, 1_040 * MS);
    // It knows nothing of the cut and goes on; nobody hears that.
    book.spoke(3, 1_100 * MS);
    book.spoke(3, 1_200 * MS);
    for (int node = 1; node <= 3; node++) {
      tell("offline", node, "TIMEOUT", 1_225 * MS);
    }

    FaultFigures drop = faults(Fault.DROP);
    assertThat(drop.detected()).isEqualTo(3);
    assertThat(drop.unsure()).isEqualTo(2);
    assertThat(drop.early()).isZero();
    assertThat(drop.delay().maxMs()).as("from the beat at 900 ms").isBetween(25.0, 25.1);
  }

  @Test
  void ratesArePerNodeHourAndZeroIsToldByTheRuleOfThree() {
    book.entered(1, 0, 100, 300);
    book.entered(2, 0, 100, 300);
    book.killed(2, Fault.CLOSE, TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(1));
    FalseVerdicts none = book.figures(TimeUnit.HOURS.toNanos(5), true).falseVerdicts();
    assertThat(none.nodeHours()).isEqualTo(6);
    assertThat(none.offlinePerNodeHourMax()).isEqualTo(0.5);
    assertThat(none.offlinePerNodeHour()).isZero();

    tell("online", 1, null, MS);
    tell("offline", 1, "DISCONNECTED", 2 * MS);
    FalseVerdicts one = book.figures(TimeUnit.HOURS.toNanos(5), true).falseVerdicts();
    assertThat(one.offlinePerNodeHour()).isEqualTo(1.0 / 6);
    assertThat(one.offlinePerNodeHourMax()).isNull();
    assertThat(one.suspectPerNodeHourMax()).isEqualTo(0.5);
  }

  @Test
  @Timeout(30)
  void theLastWordIsAwaitedButNotForEver() throws InterruptedException {
    enter(1);
    book.leaving(2_000 * MS);
    book.awaitAll(50 * MS);
    assertThat(figures().feed().absent()).isEqualTo(1);

    Thread feed = Thread.ofVirtual().start(() -> tell("offline", 1, "LEFT", 2_001 * MS));
    book.awaitAll(Long.MAX_VALUE);
    feed.join();
    assertThat(figures().feed().absent()).isZero();
  }

  private void enter(int node) {
    book.entered(node, 10 * MS, 100, 300);
    tell("online", node, null, 11 * MS);
  }

  private void tell(String type, int node, String cause, long atNanos) {
    book.event(new FeedEvent(++seq, type, "n-" + node, SESSION, cause), atNanos);
  }

  private FaultFigures faults(Fault fault) {
    return figures().faults().stream()
        .filter(figures -> figures.fault().equals(fault.text()))
        .findFirst()
        .orElseThrow();
  }

  private FalseVerdicts verdicts() {
    return figures().falseVerdicts();
  }

  private DetectionFigures figures() {
    return book.figures(10_000 * MS, true);
  }
}
