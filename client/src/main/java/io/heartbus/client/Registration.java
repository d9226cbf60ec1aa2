package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client says when it registers, and what it accepts as an answer. Remembers what orders its
 * registrations: its instance, the count of its connects, and the last epoch it held. Belongs to
 * the thread that connects.
 */
final class Registration {
  /** A capability that nobody has: servers have to ignore it, and are kept in practice. */
  private static final int CAPABILITY_GREASE = 1 << 31;

  private final ClientOptions options;
  private final boolean takesChannels;
  private final RandomGenerator random;
  private final long instance;
  private long connectionSeq;
  private @Nullable Long lastEpoch;

  Registration(ClientOptions options, boolean takesChannels, RandomGenerator random) {
    this.options = options;
    this.takesChannels = takesChannels;
    this.random = random;
    this.instance = random.nextLong();
  }

  /** The request of the next connect. */
  Frame.Register next() {
    connectionSeq++;
    NodeIdentity identity = options.identity();
    String token = identity.token();
    return new Frame.Register(
        Wire.VERSION,
        Wire.VERSION,
        0,
        capabilities(),
        new Frame.Pace(
            options.heartbeatInterval().toMillis(), options.heartbeatTimeout().toMillis()),
        options.channels().initialCredit(),
        Limits.FRAME_BYTES_MAX,
        instance,
        connectionSeq,
        identity.nodeId(),
        token == null ? new byte[0] : token.getBytes(StandardCharsets.UTF_8),
        new Frame.Attributes(identity.metadata(), identity.group(), lastEpoch, null));
  }

  /**
   * Takes the answer.
   *
   * @throws ProtocolException when SPEC does not allow it
   */
  Session granted(ServerAddress server, Frame.Registered answer) throws ProtocolException {
    check(answer.version() == Wire.VERSION, "version " + answer.version());
    check((answer.capabilities() & Wire.CAPABILITY_CREDIT) != 0, "no capability CREDIT");
    check(answer.pace().intervalMs() > 0, "a heartbeat interval of 0");
    check(answer.pace().timeoutMs() > 0, "a heartbeat timeout of 0");
    check(answer.initialCredit() >= Wire.INITIAL_CREDIT_MIN, "an init_credit below 1024");
    check(answer.initialCredit() <= Wire.CREDIT_MAX, "an init_credit over 2^31-1");
    check(answer.frameBytesMax() >= Wire.REGISTER_BODY_BYTES_MAX, "a max_frame below 4096");
    check(answer.defaultChannel() == Wire.DEFAULT_CHANNEL, "a default channel other than 1");
    if (answer.epoch() > 0 && answer.epoch() <= Wire.LAST_EPOCH_MAX) {
      lastEpoch = answer.epoch();
    }
    return new Session(
        server,
        answer.epoch(),
        Duration.ofMillis(answer.pace().intervalMs()),
        Duration.ofMillis(answer.pace().timeoutMs()),
        (answer.flags() & Wire.ANSWER_TOOK_OVER) != 0);
  }

  private int capabilities() {
    return Wire.CAPABILITY_CREDIT
        | Wire.CAPABILITY_HEARTBEAT_STATS
        | Wire.CAPABILITY_REDIRECT
        | (takesChannels ? Wire.CAPABILITY_SERVER_OPEN : 0)
        | (random.nextBoolean() ? CAPABILITY_GREASE : 0);
  }

  private static void check(boolean legal, String fault) throws ProtocolException {
    if (!legal) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "REGISTER answered with " + fault);
    }
  }
}
