package io.heartbus.server.interleaving;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of one connection: what is due on it, its channels, and how it ends. */
final class ConnectionModel {
  private enum State {
    ASKED,
    LIVE,
    ENDING
  }

  private final World world;
  private final String name;
  private final Identity identity;
  private final Answers answers = new Answers();
  private final Map<Long, ChannelModel> channels = new TreeMap<>();
  private final Relays relays = new Relays();
  private final ControlCount control;
  private State state = State.ASKED;
  private long highestId = 1;
  private long highestOfServer;
  private int strikes;
  private int beatsUnanswered;
  private boolean finished;
  private boolean silentEnd;

  ConnectionModel(World world, String name, Identity identity) {
    this.world = world;
    this.name = name;
    this.identity = identity;
    this.control = new ControlCount(world.profile());
  }

  /** The answer to REGISTER is here. */
  void registered() {
    if (state == State.ASKED) {
      state = State.LIVE;
    }
    ChannelModel channel =
        new ChannelModel(this, 1, "default", identity.initialCredit(), _ -> new Traffic.Silent());
    channels.put(1L, channel);
    channel.accepted();
  }

  /** What came. Anything that is not due or allowed is an error. */
  void receive(Incoming frame) {
    if (finished) {
      throw new AssertionError(frame + " behind the end");
    }
    switch (frame.type()) {
      case Octets.HEARTBEAT_RES, Octets.PONG, Octets.UNREGISTER, Octets.ACCEPT ->
          answered(frame.toString());
      case Octets.REGISTER -> {
        answered("REGISTER");
        world.slots().registered(this, frame);
      }
      case Octets.ERROR -> error(frame);
      case Octets.OPEN -> opened(frame);
      case Octets.CLOSE -> {
        require(frame.u16(4) == 0, frame);
        channel(frame).serverEnds();
      }
      case Octets.CREDIT -> channel(frame).given(frame.u32(4));
      case Octets.DATA -> channel(frame).data(frame.u8(4), frame.from(5));
      default -> require(false, frame);
    }
  }

  private void answered(String answer) {
    if (!answers.take(answer)) {
      throw new AssertionError(name + " got " + answer + " instead of " + answers);
    }
  }

  private void error(Incoming frame) {
    String text = frame.toString();
    switch (frame.u8(2)) {
      case 0 -> answered(text);
      case 1 -> {
        if (!answers.take(text)) {
          ChannelModel channel = channels.get(frame.u32(4));
          if (channel == null || channel.state().asked()) {
            throw new AssertionError(name + " got " + text + " instead of " + answers);
          }
          channel.serverResets(frame.u16(0));
        }
      }
      default -> {
        if (frame.u16(0) == Code.DROPPED) {
          channel(frame).dropped(Long.parseLong(frame.text(14, frame.u16(12))));
        } else {
          require(frame.u16(0) == Code.FLOOD && control.warns(), frame);
        }
      }
    }
  }

  /** The oldest relay that the named node asked for has come. */
  private void opened(Incoming frame) {
    String from = frame.text(10, frame.u8(9));
    Relay relay = relays.come(from);
    long credit = world.profile().initialCredit();
    if (relay == null || frame.u32(0) != highestOfServer + 2 || frame.u32(4) != credit) {
      throw new AssertionError(name + " got " + frame + ", which must not come");
    }
    highestOfServer += 2;
    ChannelModel channel =
        new ChannelModel(this, highestOfServer, from, identity.initialCredit(), _ -> relay.far());
    channels.put(highestOfServer, channel);
    channel.accepted();
    channel.unanswered();
    relay.far().bind(channel);
    if (state == State.ENDING) {
      channel.connectionOver(true);
    }
    world.toAnswer(channel);
  }

  private ChannelModel channel(Incoming frame) {
    long id = frame.type() == Octets.ERROR ? frame.u32(4) : frame.u32(0);
    ChannelModel channel = channels.get(id);
    if (channel == null) {
      throw new AssertionError(name + " got " + frame + " on a channel that there is not");
    }
    return channel;
  }

  private void require(boolean condition, Incoming frame) {
    if (!condition) {
      throw new AssertionError(name + " got " + frame + ", which must not come");
    }
  }

  /** A beat was sent. */
  void beat(byte[] body) {
    int ackEvery = world.profile().ackEvery();
    if (ackEvery > 0 && ++beatsUnanswered == ackEvery) {
      beatsUnanswered = 0;
      answers.expect(new Incoming(Octets.HEARTBEAT_RES, body).toString());
    }
  }

  /** The credit of a channel is violated: the server resets it, and the third time, everything. */
  void strike(ChannelModel channel) {
    if (++strikes == 3) {
      endsWith(Code.fatal(Code.FLOOD));
    } else {
      answers.expect(Code.error(channel.id(), Code.FLOW_CONTROL));
      channel.sendingReset(Code.FLOW_CONTROL);
    }
  }

  /** Violations of credit so far. */
  int strikes() {
    return strikes;
  }

  /** What was queued last makes the server say that, and end the connection. */
  void endsWith(String last) {
    end(last.startsWith("UNREGISTER"));
    answers.expect(last, () -> finished = true);
  }

  /** The server ends the connection with that when it comes to it, whatever else is due. */
  void isEndedWith(String last) {
    answers.nothingIsCertain();
    endsWith(last);
  }

  /** The node hangs up; what it sent is read before that, or is lost. */
  void hangsUp(boolean inPeace) {
    answers.nothingIsCertain();
    silentEnd = true;
    end(inPeace);
  }

  private void end(boolean inPeace) {
    state = State.ENDING;
    for (ChannelModel channel : channels.values()) {
      channel.connectionOver(inPeace);
    }
    world.slots().targetGone(this);
  }

  /** The server has closed its side, in order or with a reset. */
  void serverClosed(boolean inOrder) {
    if (state != State.ENDING || !answers.met() || !(inOrder || silentEnd)) {
      throw new AssertionError(name + " was closed by the server; due: " + answers);
    }
  }

  /** The server's grants never add up to more than the budget. */
  void judgeBudget() {
    long sum = channels.values().stream().mapToLong(ChannelModel::budgetBytes).sum();
    if (sum > world.profile().connectionBudget()) {
      throw new AssertionError(name + ": grants add up to " + sum);
    }
  }

  /** What is due and has not come; empty when nothing. */
  String unmet() {
    if (!answers.met()) {
      return name + ": " + answers;
    }
    if (control.warningMissing()) {
      return name + ": no warning of a flood";
    }
    for (ChannelModel channel : channels.values()) {
      String missing = state == State.LIVE ? channel.unmet() : "";
      if (!missing.isEmpty()) {
        return missing;
      }
    }
    return state == State.ENDING || relays.allCame() ? "" : name + ": a relay was not opened";
  }

  ChannelModel ask(String channelName, long window, long id) {
    return ask(channelName, window, id, world::traffic);
  }

  ChannelModel ask(
      String channelName, long window, long id, Function<ChannelModel, Traffic> traffic) {
    ChannelModel channel = new ChannelModel(this, id, channelName, window, traffic);
    channels.put(id, channel);
    highestId = id;
    return channel;
  }

  void usesUp(long id) {
    highestId = id;
  }

  @Nullable ChannelModel find(long id) {
    return channels.get(id);
  }

  List<ChannelModel> open() {
    return channels.values().stream().filter(channel -> !channel.over()).toList();
  }

  boolean live() {
    return state == State.LIVE;
  }

  boolean ending() {
    return state == State.ENDING;
  }

  long highestId() {
    return highestId;
  }

  Relays relays() {
    return relays;
  }

  ControlCount control() {
    return control;
  }

  Answers answers() {
    return answers;
  }

  Identity identity() {
    return identity;
  }

  World world() {
    return world;
  }

  String name() {
    return name;
  }
}
