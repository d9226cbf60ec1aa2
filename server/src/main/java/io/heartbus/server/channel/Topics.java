package io.heartbus.server.channel;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Publish and subscribe: a message goes to every other channel that was opened under the same name,
 * unless that one only sends. Each member has its own queue, so that a slow one costs nobody else.
 * Messages of one publisher reach a member in their order.
 */
final class Topics implements MessageHandler {
  private final ConcurrentHashMap<String, Set<ServerChannel>> members = new ConcurrentHashMap<>();

  @Override
  public boolean wantsEveryChannel() {
    return true;
  }

  @Override
  public void opened(ServerChannel channel) {
    if (channel.receives()) {
      members.compute(
          channel.name(),
          (_, current) -> {
            Set<ServerChannel> joined = current == null ? ConcurrentHashMap.newKeySet() : current;
            joined.add(channel);
            return joined;
          });
    }
  }

  @Override
  public void over(ServerChannel channel) {
    members.computeIfPresent(
        channel.name(),
        (_, current) -> {
          current.remove(channel);
          return current.isEmpty() ? null : current;
        });
  }

  @Override
  public void message(ServerChannel channel, byte[] message) throws InterruptedException {
    Deliveries.Tally _ = deliver(channel.name(), channel, message);
  }

  /** What was left in the outboxes of all members leaves now, in as few writes as it takes. */
  @Override
  public void idle(ServerChannel channel) {
    flush(channel.name());
  }

  /** Also what was given back to a publisher that is about to wait. */
  private void flush(String name, @Nullable ServerChannel from) {
    flush(name);
    if (from != null) {
      from.flushSoon();
    }
  }

  private void flush(String name) {
    membersOf(name).forEach(ServerChannel::flushSoon);
  }

  /** A subscriber may well end its side and go on listening. */
  @Override
  public void ended(ServerChannel channel) {
    if (!channel.receives()) {
      channel.close();
    }
  }

  /** Sends a message from outside to every member. */
  Deliveries.Tally publish(String name, byte[] message) throws InterruptedException {
    Deliveries.Tally tally = deliver(name, null, message);
    flush(name);
    return tally;
  }

  private Deliveries.Tally deliver(String name, @Nullable ServerChannel from, byte[] message)
      throws InterruptedException {
    int delivered = 0;
    int dropped = 0;
    for (ServerChannel member : membersOf(name)) {
      if (!member.equals(from)) {
        if (member.output().offer(message, from, () -> flush(name, from))) {
          delivered++;
        } else {
          dropped++;
        }
      }
    }
    return new Deliveries.Tally(delivered, dropped);
  }

  private Collection<ServerChannel> membersOf(String name) {
    return members.getOrDefault(name, Set.of());
  }
}
