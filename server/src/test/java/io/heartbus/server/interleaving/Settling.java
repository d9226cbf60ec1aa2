package io.heartbus.server.interleaving;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Brings a round to rest: first every answer has to come while everything else is stuck, then all
 * credit is given, and everything that is owed has to arrive; then the figures have to be right.
 */
final class Settling {
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long WINDOW_LOW = 32 * 1024;

  private final World world;
  private final Figures figures;
  private final Talk talk;
  private final Openings openings;
  private final Oddities oddities;

  Settling(World world, Figures figures, Talk talk, Openings openings, Oddities oddities) {
    this.world = world;
    this.figures = figures;
    this.talk = talk;
    this.openings = openings;
    this.oddities = oddities;
  }

  /** Waits until there is nothing more to come, and judges what is there. */
  void settle() throws IOException {
    for (Peer peer : world.slots().peers()) {
      peer.resume();
    }
    await(this::notRegistered);
    world.slots().live().forEach(oddities::beat);
    await(this::unanswered);
    for (Peer peer : world.slots().live()) {
      wakeDefaultChannel(peer);
      giveUpParts(peer);
    }
    Peer drain = world.slots().connectDrain();
    await(this::notRegistered);
    openings.openAllGroups(drain);
    await(this::unmet);
    // While it is there, what waits in a group reaches it, even what need not reach anybody.
    awaitFigures(expected());
    oddities.unregister(drain);
    await(this::unmet);
    world.slots().live().forEach(oddities::ping);
    await(this::unmet);
    awaitFigures(expected());
    world.slots().settled();
  }

  /** The server has channels for a connection from the first word about one. */
  private void wakeDefaultChannel(Peer peer) {
    ChannelModel channel = peer.model().find(1);
    if (channel != null && channel.inflow().window() < Octets.CREDIT_MAX) {
      talk.give(peer, channel, 1);
    }
  }

  /** When the server may buffer little, parts of messages keep others from getting credit. */
  private void giveUpParts(Peer peer) {
    if (world.profile().tight()) {
      for (ChannelModel channel : peer.model().open()) {
        if (channel.state().usable() && channel.outflow().midMessage()) {
          talk.reset(peer, channel);
        }
      }
    }
  }

  private String notRegistered() {
    for (Peer peer : world.slots().peers()) {
      if (!peer.model().live() && !peer.model().ending()) {
        return peer.model().name() + " got no answer to REGISTER";
      }
    }
    return "";
  }

  private String unanswered() {
    for (Peer peer : world.slots().peers()) {
      if (!peer.model().answers().met()) {
        return peer.model().name() + ": " + peer.model().answers();
      }
    }
    return "";
  }

  private String unmet() {
    for (ChannelModel next = world.nextToAnswer(); next != null; next = world.nextToAnswer()) {
      if (next.connection().live()) {
        openings.answer(world.slots().peerOf(next.connection()), next, false);
      }
    }
    for (Peer peer : world.slots().live()) {
      peer.model().open().forEach(channel -> topUp(peer, channel));
    }
    for (Peer peer : world.slots().peers()) {
      String missing = peer.model().unmet();
      if (!missing.isEmpty() || peer.model().ending()) {
        return missing.isEmpty() ? peer.model().name() + " was not closed" : missing;
      }
    }
    return "";
  }

  private void topUp(Peer peer, ChannelModel channel) {
    boolean wanted =
        channel.kind() == Kind.ECHO
            || channel.kind() == Kind.RELAY
            || (channel.kind() == Kind.TOPIC && channel.receives());
    if (!channel.state().usable()) {
      return;
    }
    if (channel.kind() == Kind.GROUP && channel.inflow().unreturned() > 0) {
      talk.give(peer, channel, channel.inflow().unreturned());
    } else if (wanted && channel.inflow().window() < WINDOW_LOW) {
      talk.give(peer, channel, 2 * WINDOW_LOW);
    }
  }

  private Figures.Moment expected() {
    long live = world.slots().live().size();
    long channels = 0;
    long queued = 0;
    long buffered = 0;
    for (Peer peer : world.slots().live()) {
      for (ChannelModel channel : peer.model().open()) {
        channels++;
        queued += channel.outflow().heldFrames();
        buffered += channel.outflow().bufferedBytes();
      }
    }
    return new Figures.Moment(live, live, channels, queued, buffered);
  }

  private void awaitFigures(Figures.Moment expected) throws IOException {
    long startNanos = System.nanoTime();
    Figures.Moment now = figures.now();
    while (!now.equals(expected)) {
      if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
        throw new AssertionError("the server says " + now + ", right is " + expected);
      }
      await(this::unmet);
      now = figures.now();
    }
  }

  /** After everybody has left: nothing is left behind. */
  void checkEmpty(Supplier<String> more) throws IOException {
    await(() -> world.slots().peers().isEmpty() ? "" : "somebody is still connected");
    awaitFigures(new Figures.Moment(0, 0, 0, 0, 0));
    await(more);
  }

  /** Goes on reading and writing until nothing is missing. */
  private void await(Supplier<String> missing) throws IOException {
    long startNanos = System.nanoTime();
    exchange();
    String last = missing.get();
    while (!last.isEmpty()) {
      if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
        throw new AssertionError(
            "in %d s: %s; the server says %s, at rest it would be %s"
                .formatted(PATIENCE_NANOS / 1_000_000_000, last, figures.now(), expected()));
      }
      LockSupport.parkNanos(200_000);
      exchange();
      last = missing.get();
    }
  }

  private void exchange() throws IOException {
    for (Peer peer : world.slots().peers()) {
      peer.line().flush();
      peer.read();
    }
  }
}
