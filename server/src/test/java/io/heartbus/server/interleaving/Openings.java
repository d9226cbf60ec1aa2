package io.heartbus.server.interleaving;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Opens of channels: right ones, wrong ones, too many. */
final class Openings {
  private static final int OPEN_MAX = 16;

  /** Somebody who gives no credit may not get to the end. */
  private static final int READS_MAX = 300;

  private static final int DRAIN_WINDOW = 1 << 20;
  private static final long FAR_EVEN_ID = 1L << 30;
  private static final List<String> TOPICS =
      List.of("topic/block-1", "topic/block-2", "topic/drop-1", "topic/drop-2");
  private static final byte[][] BAD_NAMES = {{}, {'a', 0x07}, {(byte) 0xC0, (byte) 0x80}, {0x7F}};

  private final World world;
  private final SplittableRandom random;

  Openings(World world) {
    this.world = world;
    this.random = world.random();
  }

  /** Opens one channel, in one of many ways. */
  void any(Peer peer) {
    switch (random.nextInt(14)) {
      case 0 -> refused(peer, random.nextBoolean() ? 0 : FAR_EVEN_ID + 2L * random.nextInt(9));
      case 1 -> known(peer);
      case 2 -> badName(peer);
      case 3 -> noRoute(peer, random.nextBoolean() ? "nowhere" : "node/nobody");
      case 4, 5, 6 -> relay(peer);
      default -> open(peer, name());
    }
  }

  private String name() {
    boolean tight = world.profile().tight();
    return switch (random.nextInt(10)) {
      case 0, 1 -> "echo";
      case 2 -> tight ? "echo" : "hold";
      case 3 -> "discard";
      case 4, 5, 6 -> tight ? "topic/drop-1" : random.nextBoolean() ? "group/1" : "group/2";
      default -> TOPICS.get(random.nextInt(TOPICS.size()));
    };
  }

  private long window(Kind kind) {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> 1024;
      case 2 -> random.nextInt(1024, 9000);
      case 3 -> kind == Kind.GROUP ? 2048 : 65_536;
      default -> kind == Kind.DISCARD || kind == Kind.HOLD ? Octets.CREDIT_MAX : 4096;
    };
  }

  private long nextId(Peer peer) {
    return peer.model().highestId() + 2L * (1 + (random.nextInt(5) == 0 ? random.nextInt(4) : 0));
  }

  /** How many channels of the node are open at the server, for certain. */
  private static long openLeast(Peer peer) {
    return peer.model().open().stream()
        .filter(channel -> channel.id() % 2 == 1 && channel.id() > 1 && !channel.mayBeGone())
        .count();
  }

  private static long openMost(Peer peer) {
    return peer.model().open().stream()
        .filter(channel -> channel.id() % 2 == 1 && channel.id() > 1)
        .count();
  }

  /**
   * At how many channels there is no room for one more for certain. When the default channel is
   * gone its share of the budget may go to another.
   */
  private int limit(Peer peer) {
    Profile profile = world.profile();
    ChannelModel first = peer.model().find(1);
    boolean spare = first == null || first.over() || first.mayBeGone();
    return Math.min(profile.channelsPerConnection(), profile.channelsByBudget() - (spare ? 0 : 1));
  }

  private boolean full(Peer peer) {
    return openMost(peer) >= world.profile().channelsMax();
  }

  private void send(Peer peer, long id, long window, byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    peer.send(Octets.open(id, window, name), "OPEN " + id + " credit=" + window + " " + text);
  }

  private void open(Peer peer, String name) {
    ConnectionModel model = peer.model();
    long id = nextId(peer);
    long window = window(Kind.of(name));
    if (openMost(peer) > OPEN_MAX || (full(peer) && model.control().left() < 5)) {
      return;
    }
    send(peer, id, window, Octets.text(name));
    if (openLeast(peer) >= limit(peer)) {
      model.usesUp(id);
      model.control().add(true);
      model.answers().expect(Code.error(id, Code.LIMIT));
      return;
    }
    boolean sure = !full(peer);
    ChannelModel channel = model.ask(name, window, id);
    String accepted = accepted(id);
    if (sure) {
      model.answers().expect(accepted, channel::accepted);
      return;
    }
    channel.unsure();
    model.control().add(false);
    model
        .answers()
        .expect(
            accepted,
            () -> {
              channel.accepted();
              model.control().resolve(false);
            })
        .or(
            Code.error(id, Code.LIMIT),
            () -> {
              channel.refused();
              model.control().resolve(true);
            });
  }

  /**
   * At the limit, ends a channel and opens the next one in the moment in which the server's end is
   * read, which is the earliest that it may be opened.
   */
  void turnOver(Peer peer) throws IOException {
    List<ChannelModel> ending = new ArrayList<>(full(peer) ? peer.model().open() : List.of());
    ending.removeIf(channel ->
        channel.id() % 2 == 0
            || channel.id() == 1
            || !channel.state().usable()
            || !channel.kind().closesInTurn(channel.receives(), channel.outflow().holds()));
    if (ending.isEmpty()) {
      return;
    }
    ChannelModel channel = ending.get(random.nextInt(ending.size()));
    if (!channel.ended()) {
      peer.send(Octets.close(channel.id(), 0), "CLOSE " + channel.id() + " 0");
      channel.sendingEnd();
    }
    for (int i = 0; i < READS_MAX && !channel.over(); i++) {
      peer.line().flush();
      peer.read();
    }
    if (channel.over() && peer.model().live()) {
      open(peer, name());
      peer.line().flush();
    }
  }

  /** Joins every group as a member that takes whatever there is. */
  void openAllGroups(Peer peer) {
    for (String name : List.of("group/1", "group/2")) {
      long id = nextId(peer);
      send(peer, id, DRAIN_WINDOW, Octets.text(name));
      ChannelModel channel = peer.model().ask(name, DRAIN_WINDOW, id);
      peer.model().answers().expect(accepted(id), channel::accepted);
    }
  }

  private String accepted(long id) {
    return "ACCEPT " + id + " " + world.profile().initialCredit();
  }

  /** An id that is not the node's to use. */
  private void refused(Peer peer, long id) {
    if (peer.model().control().left() >= 5) {
      send(peer, id, 4096, Octets.text("echo"));
      peer.model().control().add(true);
      peer.model().answers().expect(Code.error(id, Code.BAD_ID));
    }
  }

  /** An id that was used before, and may be in use. */
  private void known(Peer peer) {
    ConnectionModel model = peer.model();
    if (model.control().left() < 5) {
      return;
    }
    long id = 1 + 2 * random.nextLong((model.highestId() + 1) / 2);
    ChannelModel channel = model.find(id);
    send(peer, id, 4096, Octets.text("echo"));
    model.control().add(true);
    boolean gone = channel == null || channel.over();
    Answers.Due due = model.answers().expect(Code.error(id, gone ? Code.BAD_ID : Code.IN_USE));
    if (!gone && channel.mayBeGone()) {
      due.or(Code.error(id, Code.BAD_ID));
    }
  }

  private void badName(Peer peer) {
    refusedByName(peer, BAD_NAMES[random.nextInt(BAD_NAMES.length)], Code.REFUSED);
  }

  private void noRoute(Peer peer, String name) {
    refusedByName(peer, Octets.text(name), Code.NO_ROUTE);
  }

  private void refusedByName(Peer peer, byte[] name, int code) {
    ConnectionModel model = peer.model();
    if (model.control().left() < 5) {
      return;
    }
    long id = nextId(peer);
    send(peer, id, 4096, name);
    model.usesUp(id);
    model.control().add(true);
    Answers.Due due = model.answers().expect(Code.error(id, code));
    if (full(peer)) {
      due.or(Code.error(id, Code.LIMIT));
    }
  }

  /** A channel to another node, or to oneself. */
  private void relay(Peer peer) {
    List<Peer> live = world.slots().live();
    ConnectionModel target = live.get(random.nextInt(live.size())).model();
    ConnectionModel model = peer.model();
    if (!world.profile().relays()
        || full(peer)
        || openMost(peer) > OPEN_MAX
        || world.slots().relaysTo(target) >= Profile.RELAYS_PER_TARGET_MAX) {
      return;
    }
    long id = nextId(peer);
    long window = Math.max(1024, window(Kind.RELAY));
    String name = "node/" + target.identity().id();
    send(peer, id, window, Octets.text(name));
    Relay relay = new Relay(world, target);
    ChannelModel near =
        model.ask(
            name,
            window,
            id,
            channel -> {
              relay.near().bind(channel);
              return relay.near();
            });
    model.relays().asks(relay);
    if (target.identity().takesOpens()) {
      relay.asked(model.answers().expect(accepted(id), relay::accepted));
      target.relays().awaits(relay);
    } else {
      near.unsure();
      relay.asked(model.answers().expect(Code.error(id, Code.REFUSED), relay::refused));
    }
  }

  /** The node answers a channel that the server opened. */
  void answer(Peer peer, ChannelModel channel, boolean refusing) {
    if (refusing) {
      int code = Code.APPLICATION + random.nextInt(9);
      peer.send(Octets.close(channel.id(), code), "CLOSE " + channel.id() + " " + code);
      if (!channel.over()) {
        channel.sendingReset(code);
      }
      return;
    }
    long least = peer.model().identity().initialCredit();
    long credit = least + (random.nextBoolean() ? 0 : random.nextInt(5000));
    peer.send(Octets.accept(channel.id(), credit), "ACCEPT " + channel.id() + " " + credit);
    channel.answering(credit);
  }
}
