package io.heartbus.server.interleaving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What nodes say on channels: messages whole and in parts, credit, ends, and violations. */
final class Talk {
  private static final int FRAME_PAYLOAD_MAX = 65_536 - 13;
  private static final int GROUP_BYTES_MAX = 900;

  /** A message under way. */
  private static final class Draft {
    byte[] message = {};
    int at;
    int number;
    boolean begun;
  }

  private final World world;
  private final SplittableRandom random;
  private final Map<Integer, Draft> drafts = new HashMap<>();

  Talk(World world) {
    this.world = world;
    this.random = world.random();
  }

  /** Says something on one of the channels. */
  void any(Peer peer) {
    List<ChannelModel> open = new ArrayList<>(peer.model().open());
    open.removeIf(channel -> !channel.state().usable());
    if (open.isEmpty()) {
      return;
    }
    ChannelModel channel = open.get(random.nextInt(open.size()));
    switch (random.nextInt(64)) {
      case 0 -> end(peer, channel);
      case 1, 2 -> reset(peer, channel);
      case 3 -> violate(peer, channel);
      case 4, 5 -> exact(peer, channel);
      case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 -> credit(peer, channel);
      default -> data(peer, channel);
    }
  }

  private void data(Peer peer, ChannelModel channel) {
    if (channel.ended()) {
      dataAfterEnd(peer, channel);
      return;
    }
    long room = channel.outflow().granted().inHand() - Octets.COST;
    Draft draft = drafts.computeIfAbsent(channel.serial(), _ -> new Draft());
    if (room < 0) {
      return;
    }
    if (!draft.begun) {
      begin(draft, channel);
    }
    int rest = draft.message.length - draft.at;
    int most = (int) Math.min(Math.min(rest, room), FRAME_PAYLOAD_MAX);
    int part = random.nextInt(3) > 0 ? most : random.nextInt(most + 1);
    send(peer, channel, draft, part);
  }

  private void send(Peer peer, ChannelModel channel, Draft draft, int part) {
    boolean last = draft.at + part == draft.message.length && random.nextInt(12) > 0;
    boolean end = last && random.nextInt(30) == 0;
    boolean more = !last || (end && random.nextBoolean());
    int flags = (end ? Octets.END : 0) | (more ? Octets.MORE : 0);
    flags |= random.nextInt(10) == 0 ? Octets.SEQ : 0;
    byte[] payload = Arrays.copyOfRange(draft.message, draft.at, draft.at + part);
    draft.at += part;
    say(peer, channel, flags, payload, draft.number);
    channel.sendingData(payload, end, more);
    if (last) {
      draft.begun = false;
      draft.number++;
    }
  }

  private static void say(Peer peer, ChannelModel channel, int flags, byte[] payload, int number) {
    String what = " flags=" + flags + " payload=" + payload.length + " of #" + number;
    peer.send(Octets.data(channel.id(), flags, payload), "DATA " + channel.id() + what);
  }

  private void begin(Draft draft, ChannelModel channel) {
    int bytesMax = world.profile().messageBytesMax();
    int bytes =
        switch (random.nextInt(24)) {
          case 0 -> random.nextInt(bytesMax * 5 / 4);
          case 1, 2, 3 -> random.nextInt(5000);
          case 4 -> 0;
          default -> random.nextInt(300);
        };
    bytes = channel.kind() == Kind.GROUP ? bytes % GROUP_BYTES_MAX : bytes;
    boolean named = channel.kind() == Kind.GROUP || channel.kind() == Kind.TOPIC;
    bytes = named ? Math.max(Message.HEADER, bytes) : bytes;
    draft.message = Message.of(channel.serial(), draft.number, bytes, random);
    draft.at = 0;
    draft.begun = true;
  }

  /** Uses up the credit to the last byte. */
  private void exact(Peer peer, ChannelModel channel) {
    long room = channel.outflow().granted().inHand() - Octets.COST;
    Draft draft = drafts.computeIfAbsent(channel.serial(), _ -> new Draft());
    boolean fits = room >= 0 && room + draft.at <= world.profile().messageBytesMax();
    if (channel.kind() == Kind.GROUP || channel.ended() || !fits) {
      return;
    }
    if (!draft.begun) {
      begin(draft, channel);
    }
    if (draft.message.length - draft.at < room) {
      byte[] longer = Message.of(channel.serial(), draft.number, draft.at + (int) room, random);
      System.arraycopy(draft.message, 0, longer, 0, draft.at);
      draft.message = longer;
    }
    send(peer, channel, draft, (int) room);
  }

  private void dataAfterEnd(Peer peer, ChannelModel channel) {
    byte[] payload = new byte[random.nextInt(40)];
    say(peer, channel, random.nextInt(2), payload, -1);
    String closed = Code.error(channel.id(), Code.CLOSED);
    if (channel.mayBeGone()) {
      peer.model().answers().maybe(closed);
    } else {
      peer.model().answers().expect(closed);
    }
  }

  /** CLOSE with code 0, also a second time. */
  void end(Peer peer, ChannelModel channel) {
    peer.send(Octets.close(channel.id(), 0), "CLOSE " + channel.id() + " 0");
    channel.sendingEnd();
  }

  /** A reset, by CLOSE or ERROR. */
  void reset(Peer peer, ChannelModel channel) {
    if (peer.model().control().left() < 5) {
      return;
    }
    int code = Code.APPLICATION + random.nextInt(99);
    if (random.nextBoolean()) {
      peer.send(Octets.close(channel.id(), code), "CLOSE " + channel.id() + " " + code);
    } else {
      peer.send(Octets.error(code, 1, channel.id()), "ERROR " + channel.id() + " " + code);
    }
    if (channel.id() % 2 == 1) {
      peer.model().control().add(!channel.mayBeGone());
    }
    channel.sendingReset(code);
  }

  private void credit(Peer peer, ChannelModel channel) {
    long most = Octets.CREDIT_MAX - channel.inflow().window();
    long delta =
        switch (channel.kind()) {
          case GROUP -> Math.min(channel.inflow().unreturned(), 1 + random.nextInt(4000));
          case DISCARD, HOLD -> random.nextInt(5) == 0 ? most : Math.min(most, 9);
          default -> Math.min(most, 1 + random.nextInt(4000));
        };
    if (delta > 0) {
      give(peer, channel, delta);
    }
  }

  /** Gives the server credit. */
  void give(Peer peer, ChannelModel channel, long delta) {
    peer.send(Octets.credit(channel.id(), delta), "CREDIT " + channel.id() + " " + delta);
    channel.sendingCredit(delta);
  }

  /** Sends more than the credit allows, or gives credit that makes no sense. */
  private void violate(Peer peer, ChannelModel channel) {
    if (channel.mayBeGone() || (random.nextInt(3) > 0 && peer.model().strikes() == 2)) {
      return;
    }
    Granted granted = channel.outflow().granted();
    switch (random.nextInt(3)) {
      case 0 -> peer.send(Octets.credit(channel.id(), 0), "CREDIT " + channel.id() + " 0");
      case 1 -> {
        if (channel.ended()) {
          return;
        }
        long most =
            granted.exact() ? granted.inHand() - Octets.COST : world.profile().initialCredit();
        say(peer, channel, 0, new byte[(int) Math.max(0, most + 1)], -2);
      }
      default -> {
        boolean silent = channel.kind() == Kind.DISCARD || channel.kind() == Kind.HOLD;
        long delta = Octets.CREDIT_MAX + 1 - channel.inflow().window();
        if (!silent || channel.inflow().window() == 0) {
          return;
        }
        peer.send(Octets.credit(channel.id(), delta), "CREDIT " + channel.id() + " " + delta);
      }
    }
    peer.model().strike(channel);
  }
}
