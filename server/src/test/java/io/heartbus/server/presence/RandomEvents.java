package io.heartbus.server.presence;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.util.List;
import java.util.SplittableRandom;

/** Events as nobody would think of them. */
final class RandomEvents {
  private static final String[] TEXTS = {
    null, "", "n", "node-1", "Knoten-ü", "节点", "\uD83D\uDE80", "a\u0000b", "x".repeat(300)
  };

  private static final List<EventType> TYPES = List.of(EventType.values());
  private static final List<Cause> CAUSES = List.of(Cause.values());

  private RandomEvents() {}

  static NodeEvent next(SplittableRandom random) {
    return new NodeEvent(
        TYPES.get(random.nextInt(TYPES.size())),
        text(random),
        random.nextLong() >>> random.nextInt(64),
        random.nextBoolean() ? null : CAUSES.get(random.nextInt(CAUSES.size())),
        text(random),
        random.nextInt(3) == 0 ? -1 : random.nextLong() >>> (1 + random.nextInt(63)),
        text(random));
  }

  private static String text(SplittableRandom random) {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  /** An event that differs from all with another number. */
  static NodeEvent numbered(int number) {
    return new NodeEvent(EventType.ONLINE, "node-" + number, number, null, "rack", -1, null);
  }
}
