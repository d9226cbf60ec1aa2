package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node table against a plain map, in random operations of one thread. */
class NodeTableModelTest {
  private static final int RETAIN_MS = 1_000;
  private static final int RETAIN_NODES = 40;
  private static final List<Cause> CAUSES =
      List.of(Cause.TIMEOUT, Cause.DISCONNECTED, Cause.LEFT, Cause.KICKED, Cause.DRAINED);

  /** What the model knows of an id. */
  private static final class Known {
    long instance;
    long connectionSeq;
    boolean live;
    boolean suspect;
    Cause cause;
    Node node;
    TestLink link;
  }

  private final TreeMap<String, Known> model = new TreeMap<>(IdOrder.BYTES);

  /** Offline ids, the longest gone first, with the time they went. */
  private final LinkedHashMap<String, Long> gone = new LinkedHashMap<>();

  private final Map<String, Long> epochs = new TreeMap<>();
  private final List<Node> pastSessions = new ArrayList<>();
  private long nowMs = 1_000_000;
  private final NodeTable table =
      new NodeTable(
          new NodeTableSettings(0, RETAIN_MS, RETAIN_NODES), () -> Instant.ofEpochMilli(nowMs));
  private SplittableRandom random;
  private int registered;
  private int replaced;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void randomOperationsLeaveWhatAMapWouldHold(int seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> register(RandomIds.next(random));
        case 3, 4 -> leave();
        case 5 -> leaveAgain();
        case 6 -> turn();
        default -> forget();
      }
      if (i % 100 == 0) {
        compare();
      }
    }
    compare();
  }

  private void register(String id) {
    long instance = random.nextInt(3);
    long seq = random.nextInt(4) == 0 ? 0xFFFF_FFFFL : random.nextInt(4);
    long lastEpoch = random.nextInt(5) == 0 ? epochs.getOrDefault(id, 0L) + 1_000_000 : 0;
    boolean legacy = random.nextInt(5) == 0;
    Admission admission =
        new Admission(
            id, legacy, instance, seq, lastEpoch, new Frame.Pace(1_000, 3_000), -1, null, Map.of());
    TestLink link = new TestLink();
    List<Node> told = new ArrayList<>();
    Registration outcome = table.register(admission, link, told::add);
    Known known = model.get(id);
    boolean late =
        known != null
            && !legacy
            && !known.node.legacy()
            && known.instance == instance
            && seq < known.connectionSeq;
    if (late) {
      assertThat(outcome).isInstanceOf(Registration.Late.class);
      assertThat(told).isEmpty();
      return;
    }
    Registration.Admitted admitted = (Registration.Admitted) outcome;
    assertThat(told).containsExactly(admitted.node());
    boolean tookOver = known != null && known.live;
    assertThat(admitted.replaced()).isSameAs(tookOver ? known.link : null);
    assertThat(admitted.node().tookOver()).isEqualTo(tookOver);
    remember(id, admission, admitted.node(), link);
    replaced += tookOver ? 1 : 0;
  }

  private void remember(String id, Admission admission, Node node, TestLink link) {
    Known known = new Known();
    assertThat(node.epoch())
        .isGreaterThan(epochs.getOrDefault(id, 0L))
        .isGreaterThan(admission.lastEpoch())
        .isGreaterThanOrEqualTo(nowMs * 1_000);
    epochs.put(id, node.epoch());
    known.instance = admission.instance();
    known.connectionSeq = admission.connectionSeq();
    known.live = true;
    known.node = node;
    known.link = link;
    Known before = model.put(id, known);
    if (before != null) {
      pastSessions.add(before.node);
    }
    gone.remove(id);
    registered++;
  }

  private Known any() {
    Map.Entry<String, Known> entry = model.ceilingEntry(RandomIds.next(random));
    return entry == null ? null : entry.getValue();
  }

  private void leave() {
    Known known = any();
    if (known == null) {
      return;
    }
    Cause cause = CAUSES.get(random.nextInt(CAUSES.size()));
    assertThat(table.leave(known.node, cause)).isEqualTo(known.live);
    if (known.live) {
      known.live = false;
      known.suspect = false;
      known.cause = cause;
      gone.put(known.node.id(), nowMs);
    }
  }

  /** The end of a session that is over already, as an old connection would bring it. */
  private void leaveAgain() {
    if (!pastSessions.isEmpty()) {
      Node past = pastSessions.get(random.nextInt(pastSessions.size()));
      assertThat(table.leave(past, Cause.DISCONNECTED)).isFalse();
      assertThat(table.heard(past)).isFalse();
      assertThat(past.live()).isFalse();
    }
  }

  private void turn() {
    Known known = any();
    if (known != null) {
      boolean suspect = random.nextBoolean();
      if (suspect) {
        long heardNanos = known.link.lastSeenNanos();
        table.transitions().doubt(known.node, NodeState.SUSPECT, known.link, heardNanos);
      } else {
        table.heard(known.node);
      }
      known.suspect = known.live && suspect;
    }
  }

  private void forget() {
    nowMs += random.nextInt(40);
    table.forgetExpired();
    while (!gone.isEmpty()
        && (gone.size() > RETAIN_NODES || gone.firstEntry().getValue() < nowMs - RETAIN_MS)) {
      String id = gone.pollFirstEntry().getKey();
      model.remove(id);
      // With the node the table forgets its epoch; the wall clock has to do then.
      epochs.remove(id);
    }
  }

  private void compare() {
    NodeCounts counts = table.counts();
    long suspects = model.values().stream().filter(known -> known.suspect).count();
    long live = model.values().stream().filter(known -> known.live).count();
    assertThat(counts.in(NodeState.SUSPECT)).isEqualTo(suspects);
    assertThat(counts.in(NodeState.ONLINE)).isEqualTo(live - suspects);
    assertThat(counts.in(NodeState.OFFLINE)).isEqualTo(model.size() - live);
    assertThat(counts.live()).isEqualTo(live);
    assertThat(counts.known()).isEqualTo(model.size());
    assertThat(counts.registered.sum()).isEqualTo(registered);
    assertThat(counts.replaced.sum()).isEqualTo(replaced);
    model.forEach(this::compare);
    pages(node -> true, "");
    pages(Node::live, RandomIds.next(random).substring(0, 1).replaceAll("\\p{Cs}", ""));
  }

  private void compare(String id, Known known) {
    assertThat(table.find(id)).isSameAs(known.node);
    assertThat(known.node.live()).isEqualTo(known.live);
    assertThat(known.node.status().cause()).isEqualTo(known.live ? null : known.cause);
    assertThat(known.node.link()).isSameAs(known.live ? known.link : null);
  }

  /** All pages together are all that match, in order. */
  private void pages(Predicate<Node> filter, String prefix) {
    int limit = 1 + random.nextInt(30);
    List<String> seen = new ArrayList<>();
    String after = null;
    do {
      NodeTable.Page page = table.page(filter, prefix, after, limit);
      assertThat(page.nodes().size()).isLessThanOrEqualTo(limit);
      page.nodes().forEach(node -> seen.add(node.id()));
      after = page.next();
    } while (after != null);
    assertThat(seen)
        .containsExactlyElementsOf(
            model.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .filter(entry -> filter.test(entry.getValue().node))
                .map(Map.Entry::getKey)
                .toList());
  }
}
