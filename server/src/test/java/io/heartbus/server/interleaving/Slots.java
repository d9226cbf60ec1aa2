package io.heartbus.server.interleaving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes: who is connected as which, and what the answer to REGISTER has to say. */
final class Slots {
  private static final int ANSWER_BYTES = 66;
  private static final int TOOK_OVER = 2;

  /** One node id. */
  private static final class Slot {
    final String id;
    Identity.ProcessStart process;
    long epoch;
    @Nullable Peer current;

    /** Whether the server must, or may, still hold an older session when the next one comes. */
    boolean heldForCertain;

    boolean heldPerhaps;

    Slot(String id, Identity.ProcessStart process) {
      this.id = id;
      this.process = process;
    }
  }

  private final World world;
  private final InetSocketAddress server;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();

  Slots(World world, InetSocketAddress server) {
    this.world = world;
    this.server = server;
    // One more, which only ever takes what nobody else takes.
    for (int i = 0; i <= world.profile().nodes(); i++) {
      slots.add(new Slot("n" + i, new Identity.ProcessStart(world.random().nextLong(), 0)));
    }
  }

  /**
   * Connects a node, which takes over from itself if it is connected. Not while the end of its last
   * connection is under way, and not while nobody could tell which connection is meant by a relay.
   */
  void connect(int index) throws IOException {
    Slot slot = slots.get(index);
    Peer old = slot.current;
    boolean clear =
        old == null || old.closed() || (old.model().live() && !old.model().relays().unbound());
    if (clear && peers.stream().noneMatch(peer -> peer.model().relays().confuses(slot.id))) {
      enter(slot, old);
    }
  }

  /** Connects the one node that the script does not know of. */
  Peer connectDrain() throws IOException {
    connect(count());
    Peer drain = slots.getLast().current;
    if (drain == null) {
      throw new IllegalStateException("the last drain is still there");
    }
    return drain;
  }

  private void enter(Slot slot, @Nullable Peer old) throws IOException {
    boolean same = world.random().nextBoolean();
    slot.process =
        same
            ? new Identity.ProcessStart(slot.process.instance(), slot.process.connection() + 1)
            : new Identity.ProcessStart(world.random().nextLong(), 1);
    Identity identity = Identity.of(slot.id, slot.process, world.random());
    int receiveBytes = world.random().nextInt(3) == 0 ? 4096 : 0;
    Line line = new Line(server, receiveBytes, identity.frameBytesMax());
    String name = slot.id + "." + ++world.connections;
    ConnectionModel model = new ConnectionModel(world, name, identity);
    Peer peer = new Peer(line, model);
    peers.add(peer);
    slot.heldForCertain = old != null && !old.closed() && old.model().live();
    slot.heldPerhaps = peers.stream().anyMatch(other -> of(other, slot) && other.aborted());
    slot.current = peer;
    peer.send(identity.register(), "REGISTER " + identity);
    peer.line().flush();
    model.answers().expect("REGISTER", model::registered);
    if (slot.heldForCertain && old != null) {
      old.model().isEndedWith(Code.fatal(Code.SESSION_TAKEN_OVER));
    }
  }

  private static boolean of(Peer peer, Slot slot) {
    return peer.model().identity().id().equals(slot.id);
  }

  /** The answer to REGISTER came. */
  void registered(ConnectionModel model, Incoming answer) {
    Slot slot = slot(model);
    Profile profile = world.profile();
    boolean tookOver = (answer.u8(1) & TOOK_OVER) != 0;
    boolean right =
        answer.bodyBytes() == ANSWER_BYTES
            && answer.u8(0) == 2
            && (slot.heldForCertain ? tookOver : !tookOver || slot.heldPerhaps)
            && answer.u8(2) == profile.ackEvery()
            && answer.u32(4) == model.identity().capabilities()
            && answer.u32(8) == 10_000
            && answer.u32(12) == 30_000
            && answer.u32(16) < 10_000
            && answer.u32(20) == profile.initialCredit()
            && answer.u32(24) == 65_536
            && answer.u32(28) == profile.channelsMax()
            && answer.u32(32) == 1
            && answer.u32(36) == profile.connectionBudget()
            && answer.u64(40) > slot.epoch;
    if (!right) {
      throw new AssertionError("the answer to REGISTER is wrong: " + answer.hex());
    }
    slot.epoch = answer.u64(40);
  }

  private Slot slot(ConnectionModel model) {
    return slots.stream()
        .filter(slot -> slot.id.equals(model.identity().id()))
        .findFirst()
        .orElseThrow();
  }

  /** That connection is over, and nobody can have a channel opened there any more. */
  void targetGone(ConnectionModel target) {
    peers.forEach(peer -> peer.model().relays().targetGone(target));
  }

  /** How many relays to that connection there are. */
  long relaysTo(ConnectionModel target) {
    return peers.stream().mapToLong(peer -> peer.model().relays().to(target)).sum();
  }

  /** The connection that a model is of. */
  Peer peerOf(ConnectionModel model) {
    return peers.stream().filter(peer -> peer.model() == model).findFirst().orElseThrow();
  }

  /** The server has been seen to hold nothing but the live connections. */
  void settled() {
    peers.removeIf(Peer::closed);
  }

  /** How many nodes the script has. */
  int count() {
    return slots.size() - 1;
  }

  /** All connections that may still be read. */
  List<Peer> peers() {
    return peers.stream().filter(peer -> !peer.closed()).toList();
  }

  /** Those that are registered and not about to end. */
  List<Peer> live() {
    return peers.stream().filter(peer -> !peer.closed() && peer.model().live()).toList();
  }
}
