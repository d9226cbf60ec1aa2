package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.liveness.MassLossSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Passes, and closer looks between them, at times that the test chooses. */
class SweepPassTest {
  private static final long MS = 1_000_000;
  private static final long START_MS = 1_000;
  private static final long INTERVAL_MS = 1_000;
  private static final long TIMEOUT_MS = 3_000;

  /** The silence from which on a node is suspect, and the one after which it is offline. */
  private static final long SUSPECT_MS = 2 * INTERVAL_MS + LivenessClock.STALE_NANOS / MS + 1;

  private static final long OVER_MS = TIMEOUT_MS + LivenessClock.STALE_NANOS / MS + 1;

  private final NodeTable table =
      new NodeTable(new NodeTableSettings(0, 60_000, 100), InstantSource.system());
  private final List<TestLink> links = new ArrayList<>();
  private final SweepPass pass =
      new SweepPass(
          table, new MassLossSettings(0.01, 2, 0.55, 20, 1, 2), table.counts().detectionDelay);

  private TestLink link(String id) {
    Frame.Pace pace = new Frame.Pace(INTERVAL_MS, TIMEOUT_MS);
    TestLink link = new TestLink(START_MS * MS, id);
    table.register(new Admission(id, false, 1, 1, 0, pace, -1, null, Map.of()), link, link::of);
    links.add(link);
    return link;
  }

  private void passAfter(long silenceMs) {
    pass.open((START_MS + silenceMs) * MS);
    links.forEach(pass::look);
    pass.close();
  }

  private void lookAfter(long silenceMs) {
    pass.lookCloser((START_MS + silenceMs) * MS);
  }

  private NodeState state(String id) {
    return table.find(id).status().state();
  }

  @Test
  void aVerdictThatFallsDueBetweenTwoPassesWaitsForNoPass() {
    TestLink link = link("silent");
    passAfter(SUSPECT_MS);
    passAfter(OVER_MS - 100);
    lookAfter(OVER_MS - 1);
    assertThat(state("silent")).isEqualTo(NodeState.SUSPECT);
    lookAfter(OVER_MS);
    assertThat(state("silent")).isEqualTo(NodeState.OFFLINE);
    assertThat(link.over()).isEqualTo(Cause.TIMEOUT);
    lookAfter(OVER_MS + 50);
    passAfter(OVER_MS + 150);
    assertThat(table.counts().timedOut.sum()).isEqualTo(1);
  }

  @Test
  void whoWasDoubtedInTheLastPassOnlyIsNotGoneBeforeTheNext() {
    link("jump");
    passAfter(OVER_MS + 1);
    lookAfter(OVER_MS + 50);
    assertThat(state("jump")).isEqualTo(NodeState.SUSPECT);
    passAfter(OVER_MS + 250);
    assertThat(state("jump")).isEqualTo(NodeState.OFFLINE);
  }

  @Test
  void whoIsHeardBetweenTwoPassesIsNotGone() {
    TestLink revived = link("revived");
    TestLink unread = link("unread");
    passAfter(SUSPECT_MS);
    passAfter(OVER_MS - 100);
    revived.hears((START_MS + OVER_MS - 50) * MS);
    unread.unread(true);
    lookAfter(OVER_MS + 50);
    assertThat(state("revived")).isEqualTo(NodeState.SUSPECT);
    assertThat(state("unread")).isEqualTo(NodeState.SUSPECT);
    assertThat(table.counts().postponed.sum()).isEqualTo(1);
    unread.unread(false);
    passAfter(OVER_MS + 150);
    assertThat(state("revived")).isEqualTo(NodeState.ONLINE);
    assertThat(state("unread")).isEqualTo(NodeState.OFFLINE);
  }

  @Test
  void whomTheGuardHoldsACloserLookLetsBe() {
    List<String> ids = List.of("a", "b", "c");
    ids.forEach(this::link);
    passAfter(SUSPECT_MS);
    passAfter(OVER_MS - 100);
    lookAfter(OVER_MS + 50);
    assertThat(ids).allSatisfy(id -> assertThat(state(id)).isEqualTo(NodeState.HELD));
    assertThat(table.counts().massLosses.sum()).isEqualTo(1);
    assertThat(table.counts().timedOut.sum()).isZero();
  }
}
