package io.heartbus.server.interleaving;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The relays of one connection: those that its node asked for, and those that will come to it. */
final class Relays {
  private final List<Relay> asked = new ArrayList<>();
  private final List<Relay> awaited = new ArrayList<>();

  /** The node asked for one. */
  void asks(Relay relay) {
    asked.add(relay);
  }

  /** One to this node has been asked for, so that an OPEN will come. */
  void awaits(Relay relay) {
    awaited.add(relay);
  }

  /** It will not come. */
  void awaitsNoLonger(Relay relay) {
    awaited.remove(relay);
  }

  /** The oldest that the channel of that name belongs to has come; null when there is none. */
  @Nullable Relay come(String name) {
    for (Relay relay : awaited) {
      if (relay.farName().equals(name)) {
        awaited.remove(relay);
        return relay;
      }
    }
    return null;
  }

  /** Whether nobody has to come any more. */
  boolean allCame() {
    return awaited.isEmpty();
  }

  /** Whether the far end is still to come of one that this node asked for. */
  boolean unbound() {
    asked.removeIf(Relay::done);
    return asked.stream().anyMatch(Relay::unbound);
  }

  /** Whether a new connection of that node could be taken for the target of one. */
  boolean confuses(String id) {
    return asked.stream().anyMatch(relay -> relay.confuses(id));
  }

  /** That connection is over, and with it what this node asked to have opened there. */
  void targetGone(ConnectionModel target) {
    asked.stream()
        .filter(relay -> relay.target() == target && relay.unbound())
        .forEach(Relay::targetGone);
  }

  /** How many this node has to that connection. */
  long to(ConnectionModel target) {
    return asked.stream().filter(relay -> relay.target() == target && !relay.done()).count();
  }
}
