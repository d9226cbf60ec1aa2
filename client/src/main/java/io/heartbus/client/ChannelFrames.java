package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What the server's frames mean for the channels of one connection, and what SPEC §4 says about
 * frames for channels that are not open. Belongs to the reader thread; never waits.
 */
final class ChannelFrames {
  /** Flow violations of one connection with which it ends. */
  private static final int VIOLATIONS_MAX = 3;

  private final Connection connection;
  private final ChannelTable table;
  private final ClientContext context;
  private long highestIncoming;
  private int violations;

  ChannelFrames(Connection connection, ChannelTable table, ClientContext context) {
    this.connection = connection;
    this.table = table;
    this.context = context;
  }

  void data(Frame.Data data) throws ProtocolException {
    if (data.channel() == 0) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "DATA on channel 0");
    }
    ChannelTable.Place place = known(data.channel(), ErrorCode.PROTOCOL_ERROR);
    if (place == null) {
      return;
    }
    switch (place.state().arrived(data, context.counters().messagesReceived)) {
      case TAKEN -> {}
      case AFTER_END -> refuse(data.channel(), ErrorCode.CLOSED, "DATA after the end");
      case NOT_GRANTED -> violated(place, "DATA without credit");
    }
  }

  void accept(Frame.ChannelAccept accept) throws ProtocolException {
    ChannelTable.Place place = known(accept.channel(), ErrorCode.UNEXPECTED_FRAME);
    long extra = accept.initialCredit() - table.assumedCredit();
    if (place != null && !place.state().accept(place.link(), extra)) {
      throw new ProtocolException(
          ErrorCode.UNEXPECTED_FRAME, "ACCEPT again, or of less credit than REGISTER's");
    }
  }

  void close(Frame.ChannelClose close) throws ProtocolException {
    ChannelTable.Place place = known(close.channel(), ErrorCode.PROTOCOL_ERROR);
    if (place == null) {
      return;
    }
    if (close.code() == ErrorCode.NORMAL.code()) {
      place.state().endRemote();
    } else {
      place
          .state()
          .end(
              ChannelEnd.reset(
                  close.code(), "was reset by the other side, " + CodeNames.name(close.code())));
    }
  }

  void credit(Frame.Credit credit) throws ProtocolException {
    ChannelTable.Place place = table.at(credit.channel());
    if (place == null && credit.channel() > highest(credit.channel())) {
      refuse(credit.channel(), ErrorCode.UNKNOWN, "CREDIT for a channel never opened");
    } else if (place == null) {
      context.counters().framesSkipped.increment();
    } else if (!place.state().granted(place.link(), credit.delta())) {
      violated(place, "CREDIT of " + credit.delta());
    }
  }

  /** ERROR of scope 1: of some codes it refuses a frame, of the others it ends the channel. */
  void fault(Frame.Fault fault) {
    ChannelTable.Place place = table.at(fault.channel());
    if (place == null) {
      context.counters().framesSkipped.increment();
      return;
    }
    ErrorCode error = fault.error();
    // BAD_ID and IN_USE refuse an OPEN, and a channel that is accepted had its own granted.
    boolean goesOn =
        error == ErrorCode.UNKNOWN
            || error == ErrorCode.CLOSED
            || ((error == ErrorCode.BAD_ID || error == ErrorCode.IN_USE)
                && place.state().accepted());
    if (!goesOn) {
      String text = CodeNames.name(fault.code()) + " " + fault.message();
      place.state().end(ChannelEnd.reset(fault.code(), text.strip()));
    }
  }

  /** The name of an open channel, or null. */
  @Nullable String name(long id) {
    ChannelTable.Place place = table.at(id);
    return place == null ? null : place.channel().name();
  }

  /** The server opens a channel. */
  void opened(Frame.ChannelOpen opened) throws ProtocolException {
    long id = opened.channel();
    if (id % 2 == 1 || id <= highestIncoming) {
      ErrorCode code = table.at(id) == null ? ErrorCode.BAD_ID : ErrorCode.IN_USE;
      refuse(id, code, "a server's ids are even and rise");
      return;
    }
    highestIncoming = id;
    if (opened.initialCredit() > 0 && opened.initialCredit() < Wire.INITIAL_CREDIT_MIN) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "OPEN with less than 1024 credit");
    }
    IncomingChannels incoming = context.incoming();
    if (incoming == null || opened.name() == null) {
      refuse(id, ErrorCode.REFUSED, incoming == null ? "nobody handles it" : "no legal name");
      return;
    }
    if (!incoming.admit()) {
      refuse(id, ErrorCode.LIMIT, "too many channels are being handled");
      return;
    }
    Link link = new Link(connection, id, opened.initialCredit(), opened.initialCredit() > 0);
    Channel channel = context.channel(opened.name(), ChannelKind.INCOMING, context.initialCredit());
    table.add(link, channel);
    connection.control(new Frame.ChannelAccept(id, context.initialCredit()));
    incoming.start(channel);
  }

  /** The channel; null, and counted, when it was open once. */
  private ChannelTable.@Nullable Place known(long id, ErrorCode neverOpened)
      throws ProtocolException {
    ChannelTable.Place place = table.at(id);
    if (place == null) {
      if (id > highest(id)) {
        throw new ProtocolException(neverOpened, "channel " + id + " was never opened");
      }
      context.counters().framesSkipped.increment();
    }
    return place;
  }

  private long highest(long id) {
    return id % 2 == 1 ? table.highestOwn() : highestIncoming;
  }

  private void violated(ChannelTable.Place place, String what) throws ProtocolException {
    violations++;
    if (violations >= VIOLATIONS_MAX) {
      throw new ProtocolException(ErrorCode.FLOOD, "the third flow violation: " + what);
    }
    int code = ErrorCode.FLOW_CONTROL.code();
    place
        .state()
        .reset(
            ChannelEnd.reset(code, "the other side broke flow control: " + what),
            new Frame.Fault(code, Frame.Scope.CHANNEL, place.link().id, 0, what));
  }

  private void refuse(long id, ErrorCode code, String why) {
    connection.control(new Frame.Fault(code.code(), Frame.Scope.CHANNEL, id, 0, why));
  }
}
