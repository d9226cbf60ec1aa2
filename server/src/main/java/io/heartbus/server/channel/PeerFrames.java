package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says about channels: each frame is judged by the rules of SPEC §4 and acted on. Only
 * the connection's reader calls it, and nothing here blocks it. What is fatal throws.
 */
public final class PeerFrames {
  private static final int STRIKES_MAX = 3;

  private final ChannelSet set;
  private final ChannelIds ids;
  private final Carrier carrier;

  /** Violations of credit so far. Guarded by the set's lock. */
  private int strikes;

  /** Has taken in messages, and its consumer does not know yet. The reader's own. */
  private @Nullable ServerChannel stirred;

  PeerFrames(ChannelSet set, ChannelIds ids, Carrier carrier) {
    this.set = set;
    this.ids = ids;
    this.carrier = carrier;
  }

  /** Takes in a message, or a part of one. */
  public void received(Frame.Data data) throws ProtocolException {
    if (data.channel() == 0) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "DATA on channel 0");
    }
    set.lock().lock();
    try {
      ServerChannel channel = find(data.channel());
      if (channel == null) {
        return;
      }
      switch (channel.arrived(data)) {
        case TAKEN -> wakeLater(channel);
        case CLOSED -> set.tell(data.channel(), ErrorCode.CLOSED.code(), "you had ended it");
        case OVER_CREDIT -> strike(channel, "more than the credit in hand");
        case DROPPED -> set.tellDropped(data.channel(), 1);
      }
    } finally {
      set.lock().unlock();
    }
  }

  /** One consumer after the other: it finds all that a read brought in for it. */
  private void wakeLater(ServerChannel channel) {
    if (stirred != channel) {
      wakeStirred();
      stirred = channel;
    }
  }

  private void wakeStirred() {
    if (stirred != null) {
      stirred.consumer().wake();
      stirred = null;
    }
  }

  /** All that a read brought in was received: whoever has something to consume begins. */
  public void allReceived() {
    if (stirred != null) {
      set.lock().lock();
      try {
        wakeStirred();
      } finally {
        set.lock().unlock();
      }
    }
  }

  /** Opens a channel for the node, or says why not. */
  public void received(Frame.ChannelOpen frame) throws ProtocolException {
    long credit = frame.initialCredit();
    if (credit != 0 && (credit < Wire.INITIAL_CREDIT_MIN || credit > Wire.CREDIT_MAX)) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "init_credit is 0 or at least 1024");
    }
    ServerChannel opened;
    set.lock().lock();
    try {
      if (set.closed()) {
        // The connection is over, and about to say why.
        return;
      }
      // A name that is no legal one is refused, but uses up its id like any other.
      String name = frame.name() == null ? "" : frame.name();
      Binding binding = set.route(name);
      ErrorCode refusal = refusal(frame.channel(), name, binding);
      if (refusal != null || binding == null) {
        set.tell(frame.channel(), (refusal == null ? ErrorCode.NO_ROUTE : refusal).code(), name);
        carrier.countControl();
        return;
      }
      opened = set.add(frame.channel(), name, binding, credit);
      carrier.send(new Frame.ChannelAccept(frame.channel(), set.initialCredit()));
    } finally {
      set.lock().unlock();
    }
    opened.begin();
  }

  private @Nullable ErrorCode refusal(long id, String name, @Nullable Binding binding) {
    ErrorCode refusal = ids.claim(id);
    if (refusal != null) {
      return refusal;
    }
    if (name.isEmpty() || carrier.draining()) {
      return ErrorCode.REFUSED;
    }
    if (binding == null) {
      return ErrorCode.NO_ROUTE;
    }
    boolean full = binding.application() != null && set.fullOfHandlers();
    return full ? ErrorCode.REFUSED : binding.handler().refusal(name);
  }

  /** The node grants a channel that the server opened. */
  public void received(Frame.ChannelAccept frame) throws ProtocolException {
    set.lock().lock();
    try {
      ServerChannel channel = ids.find(frame.channel());
      if (channel == null && ids.wasOpen(frame.channel())) {
        carrier.countSkipped();
      } else if (channel == null || !ids.answer(frame.channel())) {
        throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, "ACCEPT of what was not opened");
      } else {
        accepted(channel, frame.initialCredit());
      }
    } finally {
      set.lock().unlock();
    }
  }

  private void accepted(ServerChannel channel, long credit) throws ProtocolException {
    // It holds what REGISTER promised already.
    long more = credit - carrier.peerCredit();
    if (more < 0 || (more > 0 && !channel.credited(more))) {
      throw new ProtocolException(
          ErrorCode.PROTOCOL_ERROR, "ACCEPT grants less than REGISTER, or too much");
    }
  }

  /** Half-closes a channel, or resets it. */
  public void received(Frame.ChannelClose frame) throws ProtocolException {
    set.lock().lock();
    try {
      ServerChannel channel = find(frame.channel());
      if (channel == null) {
        return;
      }
      if (frame.code() == ErrorCode.NORMAL.code()) {
        channel.peerEnds();
      } else {
        channel.finish(frame.code());
        countReset(frame.channel());
      }
    } finally {
      set.lock().unlock();
    }
  }

  /** Lets the server send more. */
  public void received(Frame.Credit frame) throws ProtocolException {
    set.lock().lock();
    try {
      ServerChannel channel = ids.find(frame.channel());
      if (channel == null && !ids.wasOpen(frame.channel())) {
        set.tell(frame.channel(), ErrorCode.UNKNOWN.code(), "no such channel");
      } else if (channel == null) {
        carrier.countSkipped();
      } else if (!channel.credited(frame.delta())) {
        strike(channel, "CREDIT of 0, or over 2^31-1 in sum");
      }
    } finally {
      set.lock().unlock();
    }
  }

  /** The node ended or refused a channel with an error, or refused a frame on it. */
  public void failed(Frame.Fault fault) throws ProtocolException {
    set.lock().lock();
    try {
      ServerChannel channel = find(fault.channel());
      if (channel != null && !refusesFrameOnly(fault.error())) {
        // An end with no error would pass for one in peace.
        int code = fault.code() == 0 ? ErrorCode.PROTOCOL_ERROR.code() : fault.code();
        channel.finish(code);
        countReset(fault.channel());
      }
    } finally {
      set.lock().unlock();
    }
  }

  private static boolean refusesFrameOnly(ErrorCode code) {
    return code == ErrorCode.BAD_ID
        || code == ErrorCode.IN_USE
        || code == ErrorCode.UNKNOWN
        || code == ErrorCode.CLOSED;
  }

  /** Counts against the budget, unless it was the server that opened the channel. */
  private void countReset(long id) {
    if (id % 2 == 1) {
      carrier.countControl();
    }
  }

  /** The channel with that id; null when it is closed by now, which nobody need be told. */
  private @Nullable ServerChannel find(long id) throws ProtocolException {
    ServerChannel channel = ids.find(id);
    if (channel == null) {
      if (!ids.wasOpen(id)) {
        throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "channel " + id + " is not open");
      }
      carrier.countSkipped();
    }
    return channel;
  }

  private void strike(ServerChannel channel, String message) throws ProtocolException {
    if (++strikes == STRIKES_MAX) {
      throw new ProtocolException(ErrorCode.FLOOD, "the third violation of credit");
    }
    channel.reset(ErrorCode.FLOW_CONTROL, message);
  }
}
