package io.heartbus.server.interleaving;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** All that one round has to do with: the settings, the nodes, what they share. One thread. */
final class World {
  private final SplittableRandom random;
  private final Profile profile;
  private final Trace trace = new Trace();
  private final Slots slots;
  private final Map<String, Topic> topics = new HashMap<>();
  private final Map<String, Group> groups = new HashMap<>();

  /** Channels that the server opened and the node has not answered. */
  private final ArrayDeque<ChannelModel> toAnswer = new ArrayDeque<>();

  private long ticks;
  private int serials;

  /** What was done, for the report. */
  int connections;

  long operations;

  /** Messages that came and were held against what was sent. */
  long checked;

  World(SplittableRandom random, Profile profile, InetSocketAddress server) {
    this.random = random;
    this.profile = profile;
    this.slots = new Slots(this, server);
  }

  /** What happens is numbered, so that before and after can be told. */
  long tick() {
    return ++ticks;
  }

  int nextSerial() {
    return ++serials;
  }

  /** What the route of a channel does; not for relays. */
  Traffic traffic(ChannelModel channel) {
    return switch (channel.kind()) {
      case ECHO -> new Traffic.Echo(this);
      case DISCARD, HOLD -> new Traffic.Silent();
      case TOPIC ->
          topics
              .computeIfAbsent(
                  channel.name(), name -> new Topic(this, !name.startsWith("topic/block-")))
              .join(channel);
      case GROUP -> groups.computeIfAbsent(channel.name(), _ -> new Group(this)).join(channel);
      case RELAY -> throw new IllegalStateException("a relay has two ends");
    };
  }

  void toAnswer(ChannelModel channel) {
    toAnswer.add(channel);
  }

  /** A channel that waits for its node's answer; null when there is none. */
  @Nullable ChannelModel nextToAnswer() {
    return toAnswer.poll();
  }

  SplittableRandom random() {
    return random;
  }

  Profile profile() {
    return profile;
  }

  Trace trace() {
    return trace;
  }

  Slots slots() {
    return slots;
  }
}
