package io.heartbus.server.channel;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Work queues: a message goes to one of the other channels that were opened under the same name.
 * See {@link Group} for which.
 */
final class Groups implements MessageHandler {
  private final ConcurrentHashMap<String, Group> groups = new ConcurrentHashMap<>();
  private final ChannelCounts counts;
  private final BufferedBytes buffered;

  Groups(ChannelCounts counts, BufferedBytes buffered) {
    this.counts = counts;
    this.buffered = buffered;
  }

  @Override
  public boolean wantsEveryChannel() {
    return true;
  }

  @Override
  public void opened(ServerChannel channel) {
    Group group =
        groups.compute(
            channel.name(),
            (_, current) -> {
              Group joined =
                  current == null
                      ? new Group(channel.binding().route(), counts, buffered)
                      : current;
              joined.enter(channel);
              return joined;
            });
    group.dispatchSoon();
  }

  @Override
  public void over(ServerChannel channel) {
    // A group without channels forgets what nobody took: there was nobody to take it.
    groups.computeIfPresent(
        channel.name(), (_, current) -> current.leave(channel) ? null : current);
  }

  @Override
  public void message(ServerChannel channel, byte[] message) throws InterruptedException {
    Group group = groups.get(channel.name());
    if (group != null) {
      group.add(channel, message);
    }
  }

  @Override
  public void credited(ServerChannel channel, long delta) {
    Group group = groups.get(channel.name());
    if (group != null) {
      group.credited(channel, delta);
    }
  }

  @Override
  public void roomAgain(ServerChannel channel) {
    Group group = groups.get(channel.name());
    if (group != null) {
      group.dispatchSoon();
    }
  }

  /** A worker may well end its side and go on taking work. */
  @Override
  public void ended(ServerChannel channel) {
    if (!channel.receives()) {
      channel.close();
    }
  }
}
