package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** For how long, and how many, offline nodes are remembered. */
class OfflineShelfTest {
  private final OfflineShelf shelf = new OfflineShelf();

  private static Node gone(String id, long sinceMs) {
    Admission admission =
        new Admission(id, false, 1, 1, 0, new Frame.Pace(1, 3), -1, null, Map.of());
    Node node = new Node(admission, 1, 0, 0, new TestLink());
    node.change(new Node.Status(NodeState.OFFLINE, Cause.LEFT, sinceMs));
    return node;
  }

  private Node put(String id, long sinceMs) {
    Node node = gone(id, sinceMs);
    shelf.put(node);
    return node;
  }

  @Test
  void whatIsOverTheCountGoesTheLongestGoneFirst() {
    Node first = put("c", 1);
    Node second = put("a", 2);
    put("b", 3);
    assertThat(shelf.takeExpired(0, 3, 100)).isEmpty();
    assertThat(shelf.takeExpired(0, 1, 100)).containsExactly(first, second);
    assertThat(shelf.takeExpired(0, 1, 100)).isEmpty();
  }

  @Test
  void whatIsTooOldGoesAndWhatIsJustNotStays() {
    Node first = put("a", 10);
    Node second = put("b", 19);
    put("c", 20);
    assertThat(shelf.takeExpired(20, 100, 100)).containsExactly(first, second);
    assertThat(shelf.takeExpired(20, 100, 100)).isEmpty();
  }

  @Test
  void aPassTakesSoManyAndNoMore() {
    for (int i = 0; i < 10; i++) {
      put("n" + i, i);
    }
    assertThat(shelf.takeExpired(100, 100, 4)).hasSize(4);
    assertThat(shelf.takeExpired(100, 100, 4)).hasSize(4);
    assertThat(shelf.takeExpired(100, 100, 4)).hasSize(2);
  }

  @Test
  void aNodeThatWentAgainIsTheLastToGo() {
    put("again", 1);
    Node other = put("other", 2);
    Node again = put("again", 3);
    assertThat(shelf.takeExpired(0, 1, 100)).containsExactly(other);
    assertThat(shelf.takeExpired(0, 0, 100)).containsExactly(again);
  }

  @Test
  void onlyTheSessionThatIsThereCanBeRemoved() {
    Node old = gone("n", 1);
    Node current = put("n", 2);
    shelf.remove(old);
    assertThat(shelf.takeExpired(0, 0, 100)).containsExactly(current);
    put("n", 3);
    Node last = put("n", 4);
    shelf.remove(last);
    assertThat(shelf.takeExpired(100, 0, 100)).isEmpty();
  }
}
