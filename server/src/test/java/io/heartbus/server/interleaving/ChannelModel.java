package io.heartbus.server.interleaving;

import java.util.function.Function;

/**
 * What is known of one channel from what was sent and what came, and what the server may do next.
 * The state moves on when a frame is queued for sending: the server sees them in that order.
 */
final class ChannelModel {
  private final ConnectionModel connection;
  private final long id;
  private final int serial;
  private final String name;
  private final Kind kind;
  private final boolean receives;
  private final Outflow outflow;
  private final Inflow inflow;
  private final Traffic traffic;
  private final Fate fate = new Fate();
  private ChannelState state = ChannelState.ASKED;
  private boolean ended;
  private boolean serverEnded;

  /** A channel that was asked for, and what grants the server that much. */
  ChannelModel(
      ConnectionModel connection,
      long id,
      String name,
      long window,
      Function<ChannelModel, Traffic> traffic) {
    this.connection = connection;
    this.id = id;
    this.name = name;
    this.kind = Kind.of(name);
    this.receives = window > 0;
    this.inflow = new Inflow(window);
    this.outflow = new Outflow(connection.world().profile(), kind);
    this.serial = connection.world().nextSerial();
    this.traffic = traffic.apply(this);
  }

  /** The server may accept it or not, and only its answer tells. */
  void unsure() {
    state = ChannelState.UNSURE;
  }

  /** The server opened it, and waits for an answer. */
  void unanswered() {
    state = ChannelState.UNANSWERED;
  }

  /** The node's answer grants that much in all. */
  void answering(long credit) {
    state = state == ChannelState.UNANSWERED ? ChannelState.OPEN : state;
    inflow.enlarge(credit - connection.identity().initialCredit());
  }

  /** The node has read that it is open. */
  void accepted() {
    state = state.asked() ? ChannelState.OPEN : state;
    traffic.confirmed();
  }

  /** The node has read that it was refused. */
  void refused() {
    state = ChannelState.OVER;
    traffic.cutOff(0);
  }

  /** A DATA is sent that credit allows, on a channel whose own side is open. */
  void sendingData(byte[] payload, boolean end, boolean more) {
    boolean soundSoFar = !outflow.tooLarge();
    byte[] message = outflow.add(payload, end, more);
    if (outflow.tooLarge() && soundSoFar) {
      fate.must(Code.TOO_LARGE);
      traffic.cutOff(Code.TOO_LARGE);
    }
    if (outflow.mayBeRefused()) {
      fate.may(Code.REFUSED);
      traffic.cutOff(Code.REFUSED);
    }
    if (message != null) {
      traffic.sent(message);
    }
    if (end) {
      sendingEnd();
    }
  }

  /** The node's side ends. */
  void sendingEnd() {
    if (!ended) {
      ended = true;
      outflow.end();
      traffic.ended();
      closeIfBothEnded();
    }
  }

  /** The node resets it, or does what makes the server reset it. */
  void sendingReset(int code) {
    state = ChannelState.OVER;
    traffic.cutOff(code);
  }

  /** The node gives credit. */
  void sendingCredit(long delta) {
    inflow.give(delta);
    traffic.credited(delta);
  }

  /** The connection is over; what was sent before may have been lost with it. */
  void connectionOver(boolean inPeace) {
    boolean wasOver = over();
    state = ChannelState.OVER;
    if (!inPeace && wasOver) {
      traffic.connectionCut();
    } else if (!inPeace) {
      traffic.cutOff(-1);
    } else if (!wasOver) {
      traffic.left();
    }
  }

  /** The server sent DATA. */
  void data(int flags, byte[] payload) {
    byte[] message = inflow.add(payload, (flags & Octets.MORE) != 0);
    require(inflow.window() >= 0, "DATA over the credit");
    require(!state.asked(), "DATA before the channel is open");
    require(!serverEnded, "DATA after the end");
    require((flags & ~(Octets.END | Octets.MORE)) == 0, "DATA with flags " + flags);
    if (message != null) {
      traffic.received(message);
    }
    if ((flags & Octets.END) != 0) {
      serverEnds();
    }
  }

  /** The server ended its side. */
  void serverEnds() {
    require(!serverEnded, "ended twice");
    serverEnded = true;
    traffic.serverEnds();
    require(!inflow.midMessage(), "ended inside a message");
    boolean rightly = kind == Kind.RELAY || closesInTurn();
    require(rightly || state == ChannelState.OVER, "ended for no reason");
    closeIfBothEnded();
  }

  private boolean closesInTurn() {
    return ended && kind.closesInTurn(receives, outflow.holds());
  }

  private void closeIfBothEnded() {
    if (ended && serverEnded && state != ChannelState.OVER) {
      state = ChannelState.OVER;
      traffic.closed();
    }
  }

  /** The server reset it. */
  void serverResets(int code) {
    String fault = fate.tell(code);
    require(fault.isEmpty(), fault);
    if (state != ChannelState.OVER) {
      state = ChannelState.OVER;
      traffic.cutOff(code);
    }
  }

  /** The server gives credit. */
  void given(long delta) {
    require(!fate.told(), "CREDIT after a reset");
    require(!state.asked(), "CREDIT before the channel is open");
    String fault = outflow.granted().given(delta);
    require(fault.isEmpty(), fault);
    connection.judgeBudget();
  }

  void dropped(long messages) {
    require(!state.asked(), "DROPPED before the channel is open");
    traffic.dropped(messages);
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(this + ": " + otherwise);
    }
  }

  /** Whether the server may have ended it already, for all that the node can know. */
  boolean mayBeGone() {
    return fate.sealed()
        || state == ChannelState.UNSURE
        || outflow.mayBeRefused()
        || kind == Kind.RELAY
        || closesInTurn();
  }

  /** What must have happened by now and has not; empty when nothing. */
  String unmet() {
    if (state == ChannelState.OVER) {
      return "";
    }
    if (state.asked() || fate.sealed()) {
      return this + (fate.sealed() ? ": should have been reset" : ": no answer");
    }
    String missing = outflow.mayBeRefused() ? "" : traffic.unmet();
    if (!missing.isEmpty()) {
      return this + ": " + missing;
    }
    if (kind != Kind.RELAY && closesInTurn()) {
      return this + ": not closed in its turn";
    }
    boolean settled = ended || outflow.mayBeRefused() || outflow.granted().settled();
    return settled ? "" : this + ": " + outflow.granted();
  }

  /** What counts against the budget for certain. */
  long budgetBytes() {
    return state == ChannelState.OPEN && !ended && !mayBeGone() ? outflow.granted().inHand() : 0;
  }

  boolean over() {
    return state == ChannelState.OVER;
  }

  ChannelState state() {
    return state;
  }

  boolean ended() {
    return ended;
  }

  boolean serverEnded() {
    return serverEnded;
  }

  boolean receives() {
    return receives;
  }

  Outflow outflow() {
    return outflow;
  }

  Fate fate() {
    return fate;
  }

  Inflow inflow() {
    return inflow;
  }

  long id() {
    return id;
  }

  int serial() {
    return serial;
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  ConnectionModel connection() {
    return connection;
  }

  @Override
  public String toString() {
    return connection.name() + "/" + id + " " + name + " (" + serial + ") " + state;
  }
}
