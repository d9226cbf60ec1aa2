package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.liveness.FlapSettings;
import io.heartbus.server.node.Admission;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.GraceSettings;
import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.node.NodeState;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.NodeTableSettings;
import io.heartbus.server.node.Registration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who follows the events of a node table that many threads change knows how its nodes stand. */
class FollowersTest {
  private static final int NODES = 20;

  /** What a follower believes of a node. */
  private record Belief(boolean live, long session) {}

  /** A connection that is none. */
  private static final class Wire extends Link {
    Wire() {
      super(1);
    }

    void of(Node node) {
      belongsTo(node);
    }

    @Override
    protected long checkDeadlines(long nowNanos) {
      return Long.MAX_VALUE;
    }

    @Override
    protected void probe() {}

    @Override
    protected boolean hasUnreadBytes() {
      return false;
    }

    @Override
    public void sessionOver(Cause cause) {}

    @Override
    public String address() {
      return "nowhere";
    }

    @Override
    public int channels() {
      return 0;
    }
  }

  private final PresenceLog log =
      new PresenceLog(ServerConfig.defaults().presence().log(), InstantSource.system(), "epoch", 0);

  private NodeTable table(GraceSettings grace, FlapSettings flap) {
    return new NodeTable(
        new NodeTableSettings(0, 60_000, 100, grace, flap),
        InstantSource.system(),
        System::nanoTime,
        log);
  }

  private static void act(NodeTable table, SplittableRandom random) {
    String id = "n" + random.nextInt(NODES);
    if (random.nextInt(3) == 0) {
      Wire wire = new Wire();
      Admission admission =
          new Admission(id, true, 0, 0, 0, new Frame.Pace(1_000, 3_000), -1, null, Map.of());
      Registration _ = table.register(admission, wire, wire::of);
      return;
    }
    Node node = table.find(id);
    if (node != null) {
      switch (random.nextInt(3)) {
        case 0 -> table.leave(node, Cause.DISCONNECTED);
        case 1 -> table.leave(node, Cause.LEFT);
        default -> table.heard(node);
      }
    }
  }

  private static void inThreads(int count, int seed, NodeTable table, int rounds)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(seed * 100L + i);
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int j = 0; j < rounds; j++) {
              act(table, random);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void believe(Map<String, Belief> beliefs, NodeEvent event) {
    boolean live = event.type() != EventType.OFFLINE;
    beliefs.put(event.node(), new Belief(live, event.session()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void everyNodesEventsAreAStoryThatCanBe(int seed) throws InterruptedException {
    NodeTable table = table(GraceSettings.NONE, FlapSettings.OFF);
    inThreads(6, seed, table, 1_000);
    Map<String, Belief> beliefs = new HashMap<>();
    long seq = 0;
    for (PresenceEvent event : log.read(0, Integer.MAX_VALUE).events()) {
      assertThat(event.seq()).isEqualTo(++seq);
      NodeEvent what = event.what();
      Belief before = beliefs.getOrDefault(what.node(), new Belief(false, 0));
      switch (what.type()) {
        case ONLINE -> {
          assertThat(before.live()).as("%s", event).isFalse();
          assertThat(what.session()).isGreaterThan(before.session());
        }
        case REPLACED -> {
          assertThat(before.live()).as("%s", event).isTrue();
          assertThat(what.session()).isGreaterThan(before.session());
        }
        case OFFLINE -> assertThat(before).isEqualTo(new Belief(true, what.session()));
        default -> throw new AssertionError(event);
      }
      believe(beliefs, what);
    }
    compare(table, beliefs);
    assertThat(seq).isEqualTo(log.last()).isGreaterThan(1_000);
  }

  private static void compare(NodeTable table, Map<String, Belief> beliefs) {
    for (Node node : table.page(_ -> true, "", null, NODES).nodes()) {
      assertThat(beliefs.get(node.id())).isEqualTo(new Belief(node.live(), node.epoch()));
    }
    assertThat(beliefs).hasSize(table.page(_ -> true, "", null, NODES).nodes().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aPageAndThenTheEventsFromBeforeItMissNothing(int seed) throws InterruptedException {
    NodeTable table = table(GraceSettings.NONE, FlapSettings.OFF);
    AtomicBoolean over = new AtomicBoolean();
    List<Map<String, Belief>> snapshots = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                positions.add(log.last());
                Map<String, Belief> seen = new HashMap<>();
                table
                    .page(_ -> true, "", null, NODES)
                    .nodes()
                    .forEach(node -> seen.put(node.id(), new Belief(node.live(), node.epoch())));
                snapshots.add(seen);
              }
            });
    inThreads(4, seed, table, 2_000);
    over.set(true);
    reader.join();
    assertThat(snapshots).isNotEmpty();
    for (int i = Math.max(0, snapshots.size() - 2_000); i < snapshots.size(); i++) {
      Map<String, Belief> beliefs = snapshots.get(i);
      log.read(positions.get(i), Integer.MAX_VALUE)
          .events()
          .forEach(event -> believe(beliefs, event.what()));
      compare(table, beliefs);
    }
  }

  @Test
  void whoIsBackWithinTheGraceWasNeverAway() {
    NodeTable table = table(new GraceSettings(3_600_000, Map.of()), FlapSettings.OFF);
    register(table, "n");
    long first = table.find("n").epoch();
    for (int i = 0; i < 5; i++) {
      assertThat(table.leave(table.find("n"), Cause.DISCONNECTED)).isTrue();
      assertThat(table.find("n").status().state()).isEqualTo(NodeState.SUSPECT);
      assertThat(table.find("n").link()).isNull();
      assertThat(table.leave(table.find("n"), Cause.DISCONNECTED)).isFalse();
      register(table, "n");
    }
    assertThat(table.find("n").epoch()).isGreaterThan(first);
    assertThat(table.find("n").tookOver()).isFalse();
    assertThat(types()).containsExactly(EventType.ONLINE);
    assertThat(table.counts().healed.sum()).isEqualTo(5);
    assertThat(table.counts().in(NodeState.ONLINE)).isEqualTo(1);
    assertThat(table.counts().known()).isEqualTo(1);
  }

  @Test
  void whoSaysGoodbyeOrIsThrownOutHasNoGrace() {
    NodeTable table = table(new GraceSettings(3_600_000, Map.of()), FlapSettings.OFF);
    for (Cause cause : List.of(Cause.LEFT, Cause.KICKED, Cause.PROTOCOL_ERROR, Cause.DRAINED)) {
      register(table, "n");
      assertThat(table.leave(table.find("n"), cause)).isTrue();
      assertThat(table.find("n").status().cause()).isEqualTo(cause);
    }
    register(table, "n");
    table.leave(table.find("n"), Cause.DISCONNECTED);
    assertThat(table.leave(table.find("n"), Cause.KICKED)).isTrue();
    assertThat(table.find("n").status().cause()).isEqualTo(Cause.KICKED);
    assertThat(types()).hasSize(10).endsWith(EventType.ONLINE, EventType.OFFLINE);
  }

  @Test
  void theEndOfTheTableIsTheEndOfEveryGrace() {
    NodeTable table = table(new GraceSettings(3_600_000, Map.of()), FlapSettings.OFF);
    register(table, "n");
    table.leave(table.find("n"), Cause.DISCONNECTED);
    table.close();
    assertThat(types()).containsExactly(EventType.ONLINE, EventType.OFFLINE);
    assertThat(table.find("n").status().cause()).isEqualTo(Cause.DISCONNECTED);
  }

  @Test
  void whoComesAndGoesIsToldOfNoMoreAndCounted() {
    NodeTable table = table(GraceSettings.NONE, new FlapSettings(1_000, 3_600_000, 3_000, 750));
    for (int i = 0; i < 10; i++) {
      register(table, "n");
      table.leave(table.find("n"), Cause.LEFT);
    }
    // The fourth return is told as the last one: online, offline, three times back.
    assertThat(types()).hasSize(9).endsWith(EventType.OFFLINE, EventType.ONLINE);
    assertThat(log.read(8, 1).events().getFirst().what().detail()).contains("comes and goes");
    assertThat(table.find("n").suppressed()).isTrue();
    assertThat(table.find("n").eventsSuppressed()).isEqualTo(11);
    assertThat(table.counts().eventsSuppressed.sum()).isEqualTo(11);
  }

  private static void register(NodeTable table, String id) {
    Wire wire = new Wire();
    Admission admission =
        new Admission(id, true, 0, 0, 0, new Frame.Pace(1_000, 3_000), -1, null, Map.of());
    assertThat(table.register(admission, wire, wire::of)).isInstanceOf(Registration.Admitted.class);
  }

  private List<EventType> types() {
    return log.read(0, Integer.MAX_VALUE).events().stream()
        .map(event -> event.what().type())
        .toList();
  }
}
