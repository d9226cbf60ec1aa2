package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.NodeId;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import io.heartbus.protocol.legacy.LegacyCodec;
import io.heartbus.protocol.legacy.LegacyFrame;
import io.heartbus.server.channel.ChannelSet;
import io.heartbus.server.node.Admission;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.Registration;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The conversation before REGISTER is accepted; the same for all connections. Judges in the order
 * of SPEC §3: after what the bytes alone decide come the id, the token, the load, and the node
 * table.
 */
final class Handshake implements Dialect {
  private static final long MS_PER_SECOND = 1000;

  private static final int CAPABILITIES =
      Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS | Wire.CAPABILITY_SERVER_OPEN;

  private final ConnectionContext context;
  private final boolean legacy;

  /** The handshake of that version, as far as its refusals go. */
  Handshake(ConnectionContext context, boolean legacy) {
    this.context = context;
    this.legacy = legacy;
  }

  ConnectionContext context() {
    return context;
  }

  @Override
  public void received(Connection connection, FrameReader reader) throws ProtocolException {
    context.counts().framesIn(FrameType.REGISTER).increment();
    if (reader.firstBodyByte() == '{') {
      registerLegacy(connection, reader);
    } else if (reader.frame() instanceof Frame.Register register) {
      register(connection, register);
    }
  }

  private void register(Connection connection, Frame.Register register) throws ProtocolException {
    if (!context.doorkeeper().admits(register.nodeId())) {
      throw new ProtocolException(ErrorCode.NODE_ID_INVALID, "ids with $ are the server's own");
    }
    boolean known =
        register.auth().length <= Wire.AUTH_BYTES_MAX
            && context.doorkeeper().knows(register.auth());
    if (!known) {
      throw new ProtocolException(ErrorCode.AUTH_FAILED, "wrong or missing token");
    }
    Frame.Attributes attributes = register.attributes();
    Long lastEpoch = attributes.lastEpoch();
    Admission admission =
        new Admission(
            register.nodeId(),
            false,
            register.instance(),
            register.connectionSeq(),
            lastEpoch == null ? 0 : lastEpoch,
            agree(register.asked()),
            graceMs(attributes.offlineDelaySeconds()),
            attributes.group(),
            attributes.metadata());
    enter(
        connection,
        admission,
        node -> {
          Hbp2 dialect = new Hbp2(connection, node, register);
          connection.speak(dialect, node, context.settings().frameBytesMax());
          dialect.send(answer(register, node));
        });
  }

  private void registerLegacy(Connection connection, FrameReader reader) throws ProtocolException {
    if (!context.settings().legacyEnabled()) {
      throw new ProtocolException(ErrorCode.UNSUPPORTED_VERSION, "HBP/1 is off; supported: 2");
    }
    connection.refuseLike(new Handshake(context, true));
    if (!(LegacyCodec.decode(FrameType.REGISTER, Role.NODE, reader.body())
        instanceof LegacyFrame.Register register)) {
      throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, "not a REGISTER");
    }
    String id = register.nodeId() == null ? madeId() : register.nodeId();
    if (!NodeId.isLegal(id) || !context.doorkeeper().admits(id)) {
      throw new ProtocolException(ErrorCode.NODE_ID_INVALID, "not a legal node id");
    }
    String token = register.token() == null ? "" : register.token();
    if (!context.doorkeeper().knows(token.getBytes(StandardCharsets.UTF_8))) {
      throw new ProtocolException(ErrorCode.AUTH_FAILED, "wrong or missing token");
    }
    Admission admission =
        new Admission(
            id,
            true,
            0,
            0,
            0,
            agree(new Frame.Pace(0, 0)),
            -1,
            register.group(),
            register.metadata());
    enter(
        connection,
        admission,
        node -> {
          connection.speak(new Hbp1(connection, node), node, context.settings().frameBytesMax());
          connection.send(
              FrameType.REGISTER,
              LegacyCodec.encode(
                  new LegacyFrame.Registered(id, Wire.DEFAULT_CHANNEL, context.wallMicros())));
        });
  }

  private static long graceMs(@Nullable Long offlineDelaySeconds) {
    return offlineDelaySeconds == null ? -1 : offlineDelaySeconds * MS_PER_SECOND;
  }

  private String madeId() {
    return "node-" + Long.toHexString(context.random().nextLong());
  }

  private Frame.Pace agree(Frame.Pace asked) {
    long intervalMs =
        context.policy().intervalMs(asked.intervalMs(), context.table().counts().live() + 1);
    return new Frame.Pace(intervalMs, context.policy().timeoutMs(asked.timeoutMs(), intervalMs));
  }

  /** The last judgements, which need to know who else is here. */
  private void enter(Connection connection, Admission admission, Consumer<Node> admitted) {
    ErrorCode refusal = context.doorkeeper().refuseNow(context.clock().nowNanos());
    if (refusal != null) {
      connection.refuse(refusal, "come back later", context.doorkeeper().retryAfterMs());
      return;
    }
    switch (context.table().register(admission, connection, admitted)) {
      case Registration.Admitted(Node node, Link replaced) -> {
        if (replaced != null) {
          replaced.sessionOver(Cause.REPLACED);
        }
        if (context.router().opensDefaultChannels()) {
          ChannelSet _ = connection.openChannels();
        }
        if (!connection.open()) {
          // It was ended while it came in; whoever ended it could not see the node yet.
          boolean _ = context.table().leave(node, Cause.DISCONNECTED);
        }
      }
      case Registration.Late() ->
          connection.fail(
              ErrorCode.SESSION_TAKEN_OVER, "a later connection of this process is registered");
      case Registration.Flapping(long retryAfterMs) ->
          connection.refuse(
              ErrorCode.FLAP_SUPPRESSED, "the id changes hands too often", retryAfterMs);
    }
  }

  private Frame.Registered answer(Frame.Register register, Node node) {
    ConnectionSettings settings = context.settings();
    int initialCredit = context.router().settings().initialCreditBytes();
    int byBudget = settings.connectionBudgetBytes() / initialCredit - 1;
    int channelsMax = Math.min(context.router().settings().channelsPerConnectionMax(), byBudget);
    return new Frame.Registered(
        Wire.VERSION,
        node.tookOver() ? Wire.ANSWER_TOOK_OVER : 0,
        context.policy().ackEvery(),
        register.capabilities() & CAPABILITIES,
        new Frame.Pace(node.intervalMs(), node.timeoutMs()),
        context.random().nextLong(node.intervalMs()),
        initialCredit,
        settings.frameBytesMax(),
        channelsMax,
        Wire.DEFAULT_CHANNEL,
        settings.connectionBudgetBytes(),
        node.epoch(),
        new byte[Wire.SESSION_TOKEN_BYTES]);
  }

  @Override
  public byte[] farewell(ErrorCode code, String message, long retryAfterMs) {
    return legacy
        ? Hbp1.encodeFarewell(code, message)
        : Hbp2.encodeFarewell(code, message, retryAfterMs);
  }

  @Override
  public byte @Nullable [] probe() {
    return null;
  }

  @Override
  public byte @Nullable [] goAway(long retryAfterMs, long jitterMs, long drainMs) {
    return null;
  }

  @Override
  public boolean oneFramePerWrite() {
    return false;
  }

  @Override
  public @Nullable ChannelSet channels() {
    return null;
  }

  @Override
  public @Nullable ChannelSet openChannels() {
    return null;
  }
}
