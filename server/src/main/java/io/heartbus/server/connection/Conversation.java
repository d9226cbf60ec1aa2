package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.server.channel.Carrier;
import io.heartbus.server.channel.ChannelSet;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Node;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a registered node, in either version: what does not depend on the bytes. One
 * object a node, so that it holds no more than it must.
 */
abstract sealed class Conversation implements Dialect, Carrier permits Hbp1, Hbp2 {
  private static final VarHandle CHANNELS;
  private static final VarHandle CONTROL_COUNT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CHANNELS = lookup.findVarHandle(Conversation.class, "channels", ChannelSet.class);
      CONTROL_COUNT = lookup.findVarHandle(Conversation.class, "controlCount", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  final Connection connection;
  final Node node;

  /** Null until something is said on a channel. Set once, by compare-and-set. */
  private volatile @Nullable ChannelSet channels;

  /** As {@link ControlBudget#count} makes it. Changed by compare-and-set. */
  private volatile long controlCount;

  Conversation(Connection connection, Node node) {
    this.connection = connection;
    this.node = node;
  }

  @Override
  public final void received(Connection reading, FrameReader reader) throws ProtocolException {
    FrameType type = FrameType.of(reader.typeCode());
    if (type == null) {
      unknownType();
      return;
    }
    connection.context().counts().framesIn(type).increment();
    received(type, reader);
  }

  /** The reader's current frame is of none of the types of SPEC. */
  abstract void unknownType() throws ProtocolException;

  /** Acts on the reader's current frame. */
  abstract void received(FrameType type, FrameReader reader) throws ProtocolException;

  /** Tells the node that it sends too many control frames, while that is still a warning. */
  abstract void warnOfFlood(String message);

  @Override
  public final void countControl() {
    ConnectionContext context = connection.context();
    long before;
    long after;
    do {
      before = controlCount;
      after = ControlBudget.count(before, context.clock().nowNanos());
    } while (!CONTROL_COUNT.compareAndSet(this, before, after));
    int framesMax = context.settings().controlFramesMax();
    switch (ControlBudget.judge(after, framesMax, node.intervalMs())) {
      case WITHIN -> {
        // Nothing to be said.
      }
      case WARN -> warnOfFlood("too many control frames");
      case FLOOD -> connection.fail(ErrorCode.FLOOD, "twice too many control frames");
    }
  }

  @Override
  public final ChannelSet openChannels() {
    ChannelSet set = channels;
    if (set != null) {
      return set;
    }
    ChannelSet made = new ChannelSet(this, connection.context().router());
    if (!CHANNELS.compareAndSet(this, null, made)) {
      // Another thread was the first. Ours must not go on counting as open what nobody can reach.
      made.close(Cause.KICKED);
      return openChannels();
    }
    made.begin();
    if (!connection.open()) {
      made.close(Cause.KICKED);
    }
    return made;
  }

  @Override
  public final @Nullable ChannelSet channels() {
    return channels;
  }

  @Override
  public final Node node() {
    return node;
  }

  @Override
  public final void fail(ErrorCode code, String message) {
    connection.fail(code, message);
  }

  @Override
  public final void countSkipped() {
    connection.context().counts().skipped.increment();
  }

  @Override
  public final void flush() {
    connection.flush();
  }

  @Override
  public final void flushSoon() {
    connection.flushSoon();
  }

  @Override
  public final boolean hasRoom() {
    return connection.hasRoom();
  }

  @Override
  public final int connectionBudgetBytes() {
    return connection.context().settings().connectionBudgetBytes();
  }

  @Override
  public final boolean draining() {
    return connection.context().doorkeeper().draining();
  }
}
