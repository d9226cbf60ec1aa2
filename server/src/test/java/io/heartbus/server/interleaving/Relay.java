package io.heartbus.server.interleaving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two channels that the server has joined: what one end sends reaches the other, byte for byte,
 * ends and resets too.
 */
final class Relay {
  /** One end. */
  static final class End implements Traffic {
    private final World world;
    private final List<byte[]> sent = new ArrayList<>();
    private final List<Integer> codes = new ArrayList<>();
    private final List<Integer> laterCodes = new ArrayList<>();
    private @Nullable ChannelModel channel;
    private @Nullable End other;
    private int delivered;
    private boolean ended;
    private boolean over;
    private boolean cut;

    private End(World world) {
      this.world = world;
    }

    /** The channel of this end is known. */
    void bind(ChannelModel made) {
      channel = made;
      codes.forEach(made.fate()::must);
      laterCodes.forEach(made.fate()::may);
    }

    boolean bound() {
      return channel != null;
    }

    boolean over() {
      return over;
    }

    /** The channel of this end, which has to be known by now. */
    ChannelModel channel() {
      ChannelModel known = channel;
      if (known == null) {
        throw new IllegalStateException("an end without a channel");
      }
      return known;
    }

    private End other() {
      End known = other;
      if (known == null) {
        throw new IllegalStateException("an end without another");
      }
      return known;
    }

    /** The server tells this end why the other one is over. */
    private void mustEnd(int code) {
      codes.add(code);
      if (channel != null) {
        channel.fate().must(code);
      }
    }

    /** The server may tell this end that, because another end of the other one came first. */
    private void mayEnd(int code) {
      laterCodes.add(code);
      if (channel != null) {
        channel.fate().may(code);
      }
    }

    @Override
    public void sent(byte[] message) {
      sent.add(message);
    }

    @Override
    public void received(byte[] message) {
      End from = other();
      if (from.delivered == from.sent.size()
          || !Arrays.equals(from.sent.get(from.delivered), message)) {
        throw new AssertionError(channel + ": not what the other end sent as #" + from.delivered);
      }
      from.delivered++;
      world.checked++;
    }

    @Override
    public void ended() {
      ended = true;
    }

    @Override
    public void serverEnds() {
      if (!other().ended && !other().over) {
        throw new AssertionError("ended, but the other end has not");
      }
    }

    @Override
    public void cutOff(int code) {
      int told = code < 0 ? Code.NO_ROUTE : code;
      cut |= code < 0;
      if (over) {
        other().mayEnd(told);
      } else {
        over = true;
        other().mustEnd(told);
      }
    }

    @Override
    public void connectionCut() {
      cutOff(-1);
    }

    @Override
    public void left() {
      cutOff(-1);
    }

    @Override
    public void closed() {
      over = true;
      // An end that was cut off passes for one that has ended, if this one had ended already.
      if (other().delivered != other().sent.size() && !other().cut) {
        throw new AssertionError(channel + " closed before all of the other end's messages came");
      }
    }

    @Override
    public String unmet() {
      End from = other();
      if (from.delivered != from.sent.size()) {
        return from.delivered + " of " + from.sent.size() + " messages of the other end";
      }
      boolean told = channel != null && channel.serverEnded();
      return from.ended && !told ? "the other end has ended, this one does not know" : "";
    }
  }

  private final End near;
  private final End far;
  private final ConnectionModel target;
  private Answers.@Nullable Due answer;
  private boolean answered;
  private boolean refused;

  /** A relay to that connection, which the near end has asked for. */
  Relay(World world, ConnectionModel target) {
    this.target = target;
    near = new End(world);
    far = new End(world);
    near.other = far;
    far.other = near;
  }

  End near() {
    return near;
  }

  End far() {
    return far;
  }

  /** What the channel at the far end is called. */
  String farName() {
    return "node/" + near.channel().connection().identity().id();
  }

  ConnectionModel target() {
    return target;
  }

  /** Whether the far end is still to come. */
  boolean unbound() {
    return !far.bound() && !far.over && !refused;
  }

  /** Whether both ends are done with. */
  boolean done() {
    return refused || (answered && near.over && far.over);
  }

  /** What the server has to answer to whoever asked for the near end. */
  void asked(Answers.Due due) {
    answer = due;
  }

  /** The near end is open. */
  void accepted() {
    answered = true;
    near.channel().accepted();
  }

  /** The near end was refused, so that there will be no far one. */
  void refused() {
    answered = true;
    refused = true;
    near.channel().refused();
    target.relays().awaitsNoLonger(this);
  }

  /** The target is gone before it heard of the far end. */
  void targetGone() {
    if (answer != null && !answered) {
      answer.or(Code.error(near.channel().id(), Code.NO_ROUTE), this::refused);
    }
    far.cutOff(-1);
    near.mustEnd(Code.REFUSED);
  }

  /** Whether a node of that id must not come back yet, because it could be taken for the target. */
  boolean confuses(String id) {
    return target.identity().id().equals(id)
        && (target.live() ? unbound() : !(answered && near.over()));
  }
}
