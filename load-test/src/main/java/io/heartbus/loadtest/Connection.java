package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One visit of a node to the server, from the intended connect to its end: an honest HBP/2 node as
 * a state machine. Driven by the fleet's thread, to which all fields belong; never blocks. Times
 * are nanoseconds since the run began.
 */
final class Connection extends DueQueue.Entry {
  private final Fleet fleet;
  private final Node node;
  private final long intendedNanos;
  private ConnectionState state = ConnectionState.WAITING;
  private @Nullable Link link;
  private @Nullable Session session;
  private Ending.@Nullable Lost announced;
  private long scriptNanos = Span.NEVER;
  private boolean silent;

  /** A visit that is to begin when it is due, and was meant to begin at {@code intendedNanos}. */
  Connection(Fleet fleet, Node node, long intendedNanos) {
    this.fleet = fleet;
    this.node = node;
    this.intendedNanos = intendedNanos;
  }

  Node node() {
    return node;
  }

  long intendedNanos() {
    return intendedNanos;
  }

  /** Has the script called then, if the node is still in. */
  void wakeScriptAt(long nanos) {
    scriptNanos = nanos;
  }

  /** Sends nothing any more, as a node whose power failed: that the server ends it is its wish. */
  void fallSilent() {
    silent = true;
  }

  /** Publishes a message on the default channel. Returns whether the credit allowed it. */
  boolean publish(byte[] payload, long nowNanos) {
    if (state != ConnectionState.LIVE || !inside().credit().spend(payload.length)) {
      return false;
    }
    send(Frame.Data.of(Wire.DEFAULT_CHANNEL, 0, payload));
    return true;
  }

  /** Says goodbye, and closes when the server has answered; one that cannot speak just closes. */
  void leave(long nowNanos) {
    if (state == ConnectionState.LIVE && !silent) {
      // Before the send: if that fails, the node wanted to leave anyway.
      state = ConnectionState.LEAVING;
      fleet.schedule(this, nowNanos + Stages.GOODBYE_NANOS_MAX);
      send(new Frame.Unregister(0));
    } else if (state != ConnectionState.LEAVING) {
      close(nowNanos);
    }
  }

  /** Has the node beat on and leave then; one that is not in leaves now. */
  void leaveAt(long leaveNanos, long nowNanos) {
    if (leaveNanos > nowNanos && state == ConnectionState.LIVE && !silent) {
      inside().leaveAt(leaveNanos, nowNanos);
      reschedule();
    } else {
      leave(nowNanos);
    }
  }

  /** Closes without a word. */
  void close(long nowNanos) {
    end(new Ending.Wanted(), nowNanos);
  }

  /** Cuts the connection off with a reset, as a machine that was started anew. */
  void reset(long nowNanos) {
    if (link != null) {
      link.resetWhenClosed();
    }
    close(nowNanos);
  }

  /** The time came that this was scheduled for. */
  void due(long nowNanos) {
    try {
      switch (state) {
        case WAITING -> {
          state = ConnectionState.QUEUED;
          fleet.open(this, nowNanos);
        }
        case QUEUED -> end(new Ending.Refused(Ending.NO_TURN, 0), nowNanos);
        case CONNECTING, REGISTERING -> end(new Ending.Refused("no answer", 0), nowNanos);
        case LIVE -> live(inside(), nowNanos);
        case LEAVING -> close(nowNanos);
        case ENDED -> {}
      }
    } catch (IOException e) {
      over(Ending.reason(e, state), nowNanos);
    }
  }

  /** Its turn has come. Returns whether it still wants to begin. */
  boolean begin() {
    boolean wanted = state == ConnectionState.QUEUED;
    state = wanted ? ConnectionState.CONNECTING : state;
    return wanted;
  }

  /** What could be done to open its socket is done. */
  void opened(Openers.Outcome outcome) {
    if (state != ConnectionState.CONNECTING) {
      outcome.discard();
      return;
    }
    try {
      link = outcome.link(this);
      if (link.connected()) {
        register();
      }
    } catch (IOException e) {
      over(Ending.reason(e, state), fleet.nowNanos());
    }
  }

  /** The selector has something for this connection. */
  void ready(SelectionKey key) {
    Link current = link;
    if (current == null || !key.isValid()) {
      return;
    }
    try {
      if (key.isConnectable() && current.finishConnect()) {
        register();
      }
      if (key.isValid() && key.isWritable()) {
        current.flush();
        pump(fleet.nowNanos());
      }
      if (key.isValid() && key.isReadable()) {
        read(current);
      }
      reschedule();
    } catch (IOException e) {
      over(Ending.reason(e, state), fleet.nowNanos());
    }
  }

  private void register() {
    state = ConnectionState.REGISTERING;
    send(node.registration(fleet.scenario(), fleet.script()));
  }

  private void live(Session in, long nowNanos) throws IOException {
    if (in.leaves(nowNanos)) {
      leave(nowNanos);
      return;
    }
    fleet.schedule(this, Span.NEVER);
    if (!silent && fleet.beating() && in.heart().dueNanos() <= nowNanos) {
      send(in.heart().beat(nowNanos));
    }
    switch (silent ? Doubt.Advice.WAIT : in.advice(nowNanos)) {
      case WAIT -> {}
      case PROBE -> send(new Frame.Ping(null));
      case GIVE_UP -> end(new Ending.Lost("the server fell silent", 0), nowNanos);
    }
    if (state == ConnectionState.LIVE && scriptNanos <= nowNanos) {
      scriptNanos = Span.NEVER;
      fleet.script().due(fleet, this, nowNanos);
    }
    in.sending(nowNanos);
    pump(nowNanos);
    reschedule();
  }

  private void pump(long nowNanos) throws IOException {
    if (state == ConnectionState.LIVE && !silent && link != null) {
      link.pump(inside().lanes(), fleet.scratch(), nowNanos);
    }
  }

  private void reschedule() {
    if (state != ConnectionState.LIVE || link == null) {
      return;
    }
    // While the kernel takes nothing, it is the selector that says when messages go on.
    long due = silent ? Span.NEVER : inside().dueNanos(fleet.beating(), link.clear());
    long next = Math.min(due, scriptNanos);
    if (next != dueNanos()) {
      fleet.schedule(this, next);
    }
  }

  private void read(Link current) throws IOException {
    Inlet in = fleet.inlet();
    boolean open = current.receive(in);
    long nowNanos = fleet.nowNanos();
    while (state != ConnectionState.ENDED && current.next(in)) {
      if (session == null || !session.take(in, nowNanos)) {
        heard(in.frame(), nowNanos);
      }
    }
    current.keep(in);
    if (open) {
      pump(nowNanos);
    } else {
      over(current.midFrame() ? "closed inside a frame" : "closed by the server", nowNanos);
    }
  }

  /** Deals with what begins or ends a connection; the session answers all the rest. */
  private void heard(Frame frame, long nowNanos) throws IOException {
    switch (frame) {
      case Frame.Registered answer -> entered(answer, nowNanos);
      case Frame.Fault fault -> fault(fault, nowNanos);
      case Frame.GoAway goAway ->
          announced = Ending.announced(goAway, fleet.randomBelow(goAway.jitterMs()));
      case Frame.Unregister(var reason) -> over("UNREGISTER " + Ending.name(reason), nowNanos);
      case Frame early when session == null -> throw Session.unexpected(early);
      default -> send(inside().answer(frame, nowNanos));
    }
  }

  private void entered(Frame.Registered answer, long nowNanos) throws ProtocolException {
    if (state != ConnectionState.REGISTERING || link == null) {
      throw Session.unexpected(answer);
    }
    state = ConnectionState.LIVE;
    link.entered();
    session = fleet.entered(this, answer, nowNanos);
    session.heard(nowNanos);
    fleet.script().entered(this, answer.pace(), nowNanos);
  }

  private void fault(Frame.Fault fault, long nowNanos) {
    if (fault.scope() == Frame.Scope.CONNECTION) {
      end(Ending.told(fault, state), nowNanos);
    } else if (session == null || !session.lanes().fault(fault)) {
      fleet.measurements().notice(Ending.error(fault));
    }
  }

  private void over(String reason, long nowNanos) {
    end(Ending.untold(reason, state, announced), nowNanos);
  }

  private void end(Ending ending, long nowNanos) {
    ConnectionState before = state;
    if (before == ConnectionState.ENDED) {
      return;
    }
    state = ConnectionState.ENDED;
    if (link != null) {
      link.close();
    }
    boolean newest = before.wasIn() && node.left(this);
    // One that fell silent, or that a newer session of its node followed, was meant to end.
    Ending told = before.wasIn() && (silent || !newest) ? new Ending.Wanted() : ending;
    if (session != null) {
      session.stop(told instanceof Ending.Lost);
    }
    fleet.ended(this, told, before, nowNanos);
  }

  /** Sends the frame, if there is one; if that fails, the connection is over. */
  private void send(@Nullable Frame frame) {
    if (frame == null || link == null || silent || state == ConnectionState.ENDED) {
      return;
    }
    fleet.script().speaking(this);
    try {
      link.send(frame, fleet.scratch());
    } catch (IOException e) {
      over(Ending.reason(e, state), fleet.nowNanos());
    }
  }

  /** The session that a live node has. */
  private Session inside() {
    return Objects.requireNonNull(session, "not in");
  }
}
