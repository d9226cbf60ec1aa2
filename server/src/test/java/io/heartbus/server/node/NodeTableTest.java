package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Cases of the node table that random operations of one thread do not reach. */
class NodeTableTest {
  private static final long SECOND = 1_000_000_000;

  private static NodeTable table(int takeoversMax) {
    return new NodeTable(
        new NodeTableSettings(takeoversMax, 60_000, 1_000_000), () -> Instant.ofEpochSecond(1));
  }

  private static Registration register(NodeTable table, String id, long nowNanos) {
    return register(table, id, new TestLink(nowNanos, "127.0.0.1:1"));
  }

  private static Registration register(NodeTable table, String id, Link link) {
    Admission admission =
        new Admission(id, true, 0, 0, 0, new Frame.Pace(1_000, 3_000), -1, null, Map.of());
    return table.register(admission, link, _ -> {});
  }

  private static Node admit(NodeTable table, String id) {
    return ((Registration.Admitted) register(table, id, 1)).node();
  }

  @Test
  void anIdChangesHandsSoOftenInAMinuteAndNoMore() {
    NodeTable table = table(3);
    for (int i = 0; i < 4; i++) {
      assertThat(register(table, "n", 100 * SECOND)).isInstanceOf(Registration.Admitted.class);
    }
    Node owner = table.find("n");
    for (int i = 0; i <= 60; i++) {
      Registration refused = register(table, "n", (100 + i) * SECOND);
      assertThat(refused).isInstanceOf(Registration.Flapping.class);
      assertThat(((Registration.Flapping) refused).retryAfterMs())
          .isEqualTo(i == 60 ? 1 : (60 - i) * 1_000);
    }
    assertThat(table.find("n")).isSameAs(owner);
    assertThat(register(table, "other", 100 * SECOND)).isInstanceOf(Registration.Admitted.class);
    assertThat(register(table, "n", 160 * SECOND + 1)).isInstanceOf(Registration.Admitted.class);
  }

  @Test
  void noMinuteSeesMoreTakeoversThanTheLimit() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      NodeTable table = table(5);
      register(table, "n", SECOND);
      List<Long> takeovers = new ArrayList<>();
      long nowNanos = SECOND;
      for (int i = 0; i < 200; i++) {
        nowNanos += random.nextLong(8 * SECOND);
        if (register(table, "n", nowNanos) instanceof Registration.Admitted) {
          takeovers.add(nowNanos);
        }
      }
      assertThat(takeovers).hasSizeGreaterThan(10);
      for (int i = 5; i < takeovers.size(); i++) {
        assertThat(takeovers.get(i) - takeovers.get(i - 5))
            .as("seed %d, six takeovers within", seed)
            .isGreaterThan(60 * SECOND);
      }
    }
  }

  @Test
  void epochsRiseAlsoWhenTheWallClockIsSetBack() {
    AtomicLong wallSeconds = new AtomicLong(1_000);
    NodeTable table =
        new NodeTable(
            new NodeTableSettings(0, 60_000, 100), () -> Instant.ofEpochSecond(wallSeconds.get()));
    long before = admit(table, "n").epoch();
    assertThat(before).isEqualTo(1_000_000_000);
    wallSeconds.set(10);
    assertThat(admit(table, "n").epoch()).isEqualTo(before + 1);
    assertThat(admit(table, "n").epoch()).isEqualTo(before + 2);
    assertThat(admit(table, "other").epoch()).isEqualTo(10_000_000);
    wallSeconds.set(2_000);
    assertThat(admit(table, "n").epoch()).isEqualTo(2_000_000_000);
  }

  @Test
  void whoComesBackAfterItsEndDoesNotTakeOver() {
    NodeTable table = table(1);
    for (int i = 0; i < 10; i++) {
      Node node = admit(table, "n");
      assertThat(node.tookOver()).isFalse();
      assertThat(table.leave(node, Cause.DISCONNECTED)).isTrue();
    }
    assertThat(table.counts().replaced.sum()).isZero();
  }

  @Test
  void ofAllWhoEndASessionAtOnceExactlyOneDoes() throws InterruptedException {
    NodeTable table = table(0);
    for (int round = 0; round < 300; round++) {
      Node node = admit(table, "n");
      ConcurrentLinkedQueue<Cause> released = new ConcurrentLinkedQueue<>();
      List<Thread> threads = new ArrayList<>();
      for (Cause cause : List.of(Cause.TIMEOUT, Cause.LEFT, Cause.KICKED)) {
        threads.add(
            Thread.startVirtualThread(() -> {
              if (table.leave(node, cause)) {
                released.add(cause);
              }
            }));
      }
      threads.add(Thread.startVirtualThread(() -> suspect(table, node)));
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(released).hasSize(1);
      assertThat(node.live()).isFalse();
    }
    assertThat(table.counts().in(NodeState.OFFLINE)).isEqualTo(1);
    assertThat(table.counts().live()).isZero();
  }

  private static void suspect(NodeTable table, Node node) {
    Link link = node.link();
    if (link != null) {
      table.transitions().doubt(node, NodeState.SUSPECT, link, link.lastSeenNanos());
    }
  }

  @Test
  void aFrameBesideTheVerdictHasOneOutcome() throws InterruptedException {
    NodeTable table = table(0);
    int revived = 0;
    for (int round = 0; round < 2_000; round++) {
      TestLink link = new TestLink();
      Node node = ((Registration.Admitted) register(table, "n", link)).node();
      suspect(table, node);
      long heardNanos = link.lastSeenNanos();
      AtomicBoolean convicted = new AtomicBoolean();
      Thread sweep =
          Thread.ofPlatform().start(() -> convicted.set(table.timeOut(node, link, heardNanos)));
      link.hears(heardNanos + 1);
      boolean live = table.heard(node);
      sweep.join();
      assertThat(convicted.get()).isNotEqualTo(live);
      assertThat(node.status().state()).isEqualTo(live ? NodeState.ONLINE : NodeState.OFFLINE);
      revived += live ? 1 : 0;
    }
    assertThat(table.counts().timedOut.sum()).isEqualTo(2_000 - revived);
  }

  @Test
  void theOnlineAreNotTimedOut() {
    NodeTable table = table(0);
    TestLink link = new TestLink();
    Node node = ((Registration.Admitted) register(table, "n", link)).node();
    assertThat(table.timeOut(node, link, link.lastSeenNanos())).isFalse();
    suspect(table, node);
    assertThat(table.timeOut(node, link, link.lastSeenNanos() - 1)).isFalse();
    assertThat(table.timeOut(node, link, link.lastSeenNanos())).isTrue();
    assertThat(node.status().cause()).isEqualTo(Cause.TIMEOUT);
    assertThat(table.heard(node)).isFalse();
  }

  @Test
  void countsBalanceWhenSessionsBeginAndEndAtOnce() throws InterruptedException {
    NodeTable table = table(0);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      SplittableRandom random = new SplittableRandom(i);
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int j = 0; j < 3_000; j++) {
              String id = "n" + random.nextInt(5);
              Node node = admit(table, id);
              if (random.nextBoolean()) {
                table.leave(node, Cause.DISCONNECTED);
              } else {
                suspect(table, node);
              }
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    NodeCounts counts = table.counts();
    long offline = 0;
    for (int i = 0; i < 5; i++) {
      offline += table.find("n" + i).live() ? 0 : 1;
    }
    assertThat(counts.known()).isEqualTo(5);
    assertThat(counts.in(NodeState.OFFLINE)).isEqualTo(offline);
    assertThat(counts.registered.sum()).isEqualTo(8 * 3_000);
    assertThat(table.page(_ -> true, "", null, 100).nodes()).hasSize(5);
  }

  @Test
  void aPageThatFindsFewIsShortAndGoesOn() {
    NodeTable table = table(0);
    for (int i = 0; i < 12_000; i++) {
      admit(table, "node-%05d".formatted(i));
    }
    Predicate<Node> rare = node -> node.id().endsWith("999");
    List<String> seen = new ArrayList<>();
    int pages = 0;
    String after = null;
    do {
      NodeTable.Page page = table.page(rare, "node-", after, 10);
      page.nodes().forEach(node -> seen.add(node.id()));
      after = page.next();
      pages++;
    } while (after != null);
    assertThat(seen).hasSize(12).isSorted();
    assertThat(pages).isBetween(3, 4);
  }
}
