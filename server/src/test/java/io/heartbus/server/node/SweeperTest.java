package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.liveness.MassLossSettings;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sweep on links that are no sockets. */
class SweeperTest {
  private final LivenessClock clock = new LivenessClock(System::nanoTime).start();
  private final NodeTable table =
      new NodeTable(new NodeTableSettings(0, 60_000, 100), InstantSource.system());
  private final Roster roster = new Roster();
  private final Sweeper sweeper =
      new Sweeper(table, roster, clock, new MassLossSettings(0.01, 50, 0.55, 20, 1, 2));

  @AfterEach
  void stop() {
    sweeper.close();
    clock.close();
  }

  private TestLink link(String id, long intervalMs, long timeoutMs) {
    Frame.Pace pace = new Frame.Pace(intervalMs, timeoutMs);
    TestLink link = new TestLink(clock.nowNanos(), id);
    table.register(new Admission(id, false, 1, 1, 0, pace, -1, null, Map.of()), link, link::of);
    roster.add(link);
    return link;
  }

  private static void await(BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - startNanos).isLessThan(10_000_000_000L);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private Node.Status status(String id) {
    return table.find(id).status();
  }

  @Test
  void theSilentIsSuspectAndProbedOnceBeforeItIsOffline() {
    TestLink link = link("silent", 50, 150);
    sweeper.start(5);
    await(() -> status("silent").state() == NodeState.OFFLINE);
    assertThat(status("silent").cause()).isEqualTo(Cause.TIMEOUT);
    await(() -> link.over() != null);
    assertThat(link.over()).isEqualTo(Cause.TIMEOUT);
    assertThat(link.probes()).isEqualTo(1);
    assertThat(table.counts().timedOut.sum()).isEqualTo(1);
    assertThat(table.counts().detectionDelay.counts()).contains(1);
  }

  @Test
  void nobodyIsOfflineWhoWasNotSuspectAPassBefore() {
    TestLink link = link("jump", 1, 3);
    // Both limits have passed before the first look.
    await(() -> clock.nowNanos() - link.lastSeenNanos() > 100_000_000);
    sweeper.start(20);
    await(() -> link.over() != null);
    assertThat(link.probes()).isEqualTo(1);
  }

  @Test
  void unreadBytesPutOffTheVerdictUntilTheyAreRead() {
    TestLink link = link("unheard", 100, 3_000);
    link.unread(true);
    link.hears(clock.nowNanos() - 2_900_000_000L);
    sweeper.start(5);
    await(() -> table.counts().postponed.sum() >= 10);
    assertThat(status("unheard").state()).isEqualTo(NodeState.ONLINE);
    link.unread(false);
    await(() -> status("unheard").state() == NodeState.OFFLINE);
    assertThat(table.counts().timedOut.sum()).isEqualTo(1);
  }

  @Test
  void aFrameThatIsReadDuringTheJudgementCounts() {
    TestLink link = link("just in time", 50, 400);
    // A suspect is asked when it is about to be convicted, and is always heard in time.
    link.hearsWhenAsked(() ->
        status("just in time").state() == NodeState.SUSPECT
            ? clock.nowNanos()
            : link.lastSeenNanos());
    sweeper.start(5);
    // Only who was back in between is probed again.
    await(() -> link.probes() >= 2 || link.over() != null);
    assertThat(link.over()).isNull();
    assertThat(table.counts().timedOut.sum()).isZero();
  }

  @Test
  void aFrameBringsASuspectBackAndAnotherSilenceIsProbedAgain() {
    TestLink link = link("wavers", 100, 600_000);
    sweeper.start(5);
    for (int i = 1; i <= 3; i++) {
      int probes = i;
      // Only who was back is probed again; how long it was does not matter here.
      await(() -> link.probes() == probes);
      assertThat(status("wavers").state()).isEqualTo(NodeState.SUSPECT);
      link.hears(clock.nowNanos());
    }
    assertThat(table.counts().timedOut.sum()).isZero();
  }

  @Test
  void aLinkThatFailsKeepsNobodyElseFromBeingJudged() {
    TestLink broken = new TestLink(1, "broken");
    broken.failsOnCheck();
    roster.add(broken);
    TestLink link = link("later", 50, 150);
    sweeper.start(20);
    await(() -> link.over() != null);
    assertThat(status("later").cause()).isEqualTo(Cause.TIMEOUT);
  }
}
