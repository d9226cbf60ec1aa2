package io.heartbus.server.interleaving;

import java.io.IOException;
import java.util.SplittableRandom;

/** Beats and PINGs, what is to be ignored, what is fatal, and the ways to leave. */
final class Oddities {
  private static final long NEVER_OPENED = (1L << 30) + 1;
  private static final int[] FRAME_CODES = {Code.BAD_ID, Code.IN_USE, Code.UNKNOWN, Code.CLOSED};

  private final World world;
  private final SplittableRandom random;

  Oddities(World world) {
    this.world = world;
    this.random = world.random();
  }

  /** One of those that do no harm. */
  void harmless(Peer peer) {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> beat(peer);
      case 3, 4, 5 -> ping(peer);
      case 6 ->
          peer.send(
              Octets.frame(0x40 + random.nextInt(64), new byte[random.nextInt(300)]), "unknown");
      case 7 -> peer.send(Octets.ack(1 + random.nextInt(9)), "ACK");
      case 8 -> peer.send(Octets.goAway(), "GOAWAY");
      case 9 -> stray(peer);
      case 10 -> {
        int code = FRAME_CODES[random.nextInt(FRAME_CODES.length)];
        peer.send(Octets.error(code, random.nextInt(2) * 2, 1), "ERROR about nothing");
        peer.send(Octets.error(code, 1, 1), "ERROR about a frame on 1");
      }
      default -> {
        peer.send(Octets.credit(NEVER_OPENED, 5), "CREDIT " + NEVER_OPENED + " 5");
        peer.model().answers().expect(Code.error(NEVER_OPENED, Code.UNKNOWN));
      }
    }
  }

  /** A heartbeat, if the budget has one to spare. */
  void beat(Peer peer) {
    if (peer.model().control().left() >= 5) {
      byte[] body = random.nextBoolean() ? new byte[0] : Octets.u64(random.nextLong());
      peer.send(Octets.frame(Octets.HEARTBEAT_REQ, body), "HEARTBEAT_REQ");
      peer.model().control().add(true);
      peer.model().beat(body);
    }
  }

  /** A PING, if the budget has one to spare. */
  void ping(Peer peer) {
    if (peer.model().control().left() >= 3) {
      byte[] body = random.nextInt(4) == 0 ? new byte[0] : Octets.u64(random.nextLong());
      peer.send(Octets.frame(Octets.PING, body), "PING");
      peer.model().control().add(true);
      peer.model().answers().expect(new Incoming(Octets.PONG, body).toString());
    }
  }

  /** A frame on a channel that is over: it is skipped. */
  private void stray(Peer peer) {
    long id = 1 + 2 * random.nextLong((peer.model().highestId() + 1) / 2);
    ChannelModel channel = peer.model().find(id);
    if (channel != null && !channel.over()) {
      return;
    }
    String text = "stray on " + id;
    switch (random.nextInt(4)) {
      case 0 -> peer.send(Octets.data(id, random.nextInt(8), Octets.u64(0)), text);
      case 1 -> peer.send(Octets.close(id, random.nextInt(3)), text);
      case 2 -> peer.send(Octets.credit(id, random.nextInt(3)), text);
      default -> peer.send(Octets.error(Code.REFUSED, 1, id), text);
    }
  }

  /** More control frames than the budget has. */
  void flood(Peer peer) {
    int left = peer.model().control().left();
    if (left >= 0 && left < 1000) {
      for (int i = left; i > 0; i--) {
        byte[] body = Octets.u64(i);
        peer.send(Octets.frame(Octets.PING, body), "PING of a flood");
        peer.model().control().add(true);
        peer.model().answers().expect(new Incoming(Octets.PONG, body).toString());
      }
      peer.send(Octets.frame(Octets.PING), "PING too many");
      peer.model().endsWith(Code.fatal(Code.FLOOD));
    }
  }

  /** A frame that ends the connection, and some that nobody will read. */
  void fatal(Peer peer) {
    switch (random.nextInt(16)) {
      case 0 -> fatal(peer, Octets.data(0, 0, Octets.u64(1)), Code.PROTOCOL_ERROR);
      case 1 -> fatal(peer, Octets.data(NEVER_OPENED, 0, Octets.u64(1)), Code.PROTOCOL_ERROR);
      case 2 -> fatal(peer, Octets.close(NEVER_OPENED + 1, 0), Code.PROTOCOL_ERROR);
      case 3 -> fatal(peer, Octets.accept(NEVER_OPENED + 1, 4096), Code.UNEXPECTED_FRAME);
      case 4 -> fatal(peer, Octets.error(Code.REFUSED, 1, NEVER_OPENED), Code.PROTOCOL_ERROR);
      case 5 -> fatal(peer, open(random.nextInt(1, 1024)), Code.PROTOCOL_ERROR);
      case 6 -> fatal(peer, open(1L << 31), Code.PROTOCOL_ERROR);
      case 7 -> fatal(peer, Octets.frame(Octets.HEARTBEAT_RES), Code.UNEXPECTED_FRAME);
      case 8 -> fatal(peer, peer.model().identity().register(), Code.ALREADY_REGISTERED);
      case 9 -> fatal(peer, Octets.frame(0x20 + random.nextInt(16)), Code.UNKNOWN_TYPE);
      case 10 -> fatal(peer, Octets.frame(random.nextBoolean() ? 0 : 0xFF), Code.UNKNOWN_TYPE);
      case 11 -> fatal(peer, Octets.u64(-1), Code.BAD_MAGIC);
      case 12 -> fatal(peer, header(65_537 + random.nextInt(1 << 28)), Code.FRAME_TOO_LARGE);
      case 13 ->
          fatal(peer, Octets.frame(Octets.PING, new byte[1 + random.nextInt(7)]), Code.FRAME_SIZE);
      case 14 -> fatal(peer, Octets.frame(Octets.CREDIT, new byte[7]), Code.FRAME_SIZE);
      default -> fatal(peer, Octets.error(Code.REFUSED, 3, 1), Code.PROTOCOL_ERROR);
    }
  }

  private static byte[] open(long credit) {
    return Octets.open(NEVER_OPENED, credit, Octets.text("echo"));
  }

  private static byte[] header(int length) {
    return Octets.join(Octets.u16(0xAB12), Octets.u8(Octets.PING), Octets.u32(length));
  }

  private void fatal(Peer peer, byte[] bytes, int code) {
    peer.send(bytes, "what ends with 0x" + Integer.toHexString(code));
    peer.model().endsWith(Code.fatal(code));
    for (int i = random.nextInt(4); i > 0; i--) {
      peer.send(Octets.frame(Octets.PING), "PING behind the end");
    }
  }

  /** Leaves, in one of many ways. */
  void leave(Peer peer) throws IOException {
    switch (random.nextInt(6)) {
      case 0, 1 -> unregister(peer);
      case 2, 3 -> hangUp(peer);
      case 4 -> {
        world.trace().add(peer.model().name() + " resets");
        peer.model().hangsUp(false);
        peer.abort();
      }
      default -> fatal(peer);
    }
  }

  /** Leaves as one should. */
  void unregister(Peer peer) {
    byte[] body = random.nextBoolean() ? new byte[0] : Octets.u16(random.nextInt(9));
    peer.send(Octets.frame(Octets.UNREGISTER, body), "UNREGISTER");
    peer.model().endsWith(new Incoming(Octets.UNREGISTER, body).toString());
  }

  /** Ends the output between two frames, or inside one. */
  private void hangUp(Peer peer) throws IOException {
    byte[] part = new byte[] {(byte) 0xAB, 0x12, 3, 0, 0};
    peer.send(random.nextBoolean() ? new byte[0] : part, "the end");
    peer.model().hangsUp(true);
    peer.line().endOutputWhenSent();
  }
}
