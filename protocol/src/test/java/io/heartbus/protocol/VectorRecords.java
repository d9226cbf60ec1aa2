package io.heartbus.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the HBP/2 vectors say, as records. */
final class VectorRecords {
  private static final Frame.Stats STATS = new Frame.Stats(7, 1250);
  private static final Frame.Pace SLOWER = new Frame.Pace(20_000, 60_000);
  private static final Frame.Pace NO_WISH = new Frame.Pace(0, 0);
  private static final long OPAQUE = 0x0123456789ABCDEFL;
  private static final int SOME = Wire.CAPABILITY_CREDIT;
  private static final int MORE =
      Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS | Wire.CAPABILITY_SERVER_OPEN;

  static final Map<String, Frame> BY_NAME = new HashMap<>();

  static {
    heartbeats();
    data();
    registers();
    answers();
    ends();
    channels();
  }

  private VectorRecords() {}

  private static void heartbeats() {
    BY_NAME.put("heartbeat-req-plain", new Frame.HeartbeatRequest(null));
    BY_NAME.put("heartbeat-req-stats", new Frame.HeartbeatRequest(STATS));
    BY_NAME.put(
        "heartbeat-req-no-round-trip",
        new Frame.HeartbeatRequest(new Frame.Stats(8, Wire.NO_ROUND_TRIP)));
    BY_NAME.put("heartbeat-res-plain", new Frame.HeartbeatResponse(null, null));
    BY_NAME.put("heartbeat-res-echo", new Frame.HeartbeatResponse(STATS, null));
    BY_NAME.put("heartbeat-res-retune", new Frame.HeartbeatResponse(STATS, SLOWER));
    BY_NAME.put(
        "heartbeat-res-retune-plain", new Frame.HeartbeatResponse(new Frame.Stats(0, 0), SLOWER));
    BY_NAME.put("ping-plain", new Frame.Ping(null));
    BY_NAME.put("ping-opaque", new Frame.Ping(OPAQUE));
    BY_NAME.put("pong-plain", new Frame.Pong(null));
    BY_NAME.put("pong-opaque", new Frame.Pong(OPAQUE));
  }

  private static void data() {
    BY_NAME.put("data-message", Frame.Data.of(1, 0, utf8("hello")));
    BY_NAME.put("data-fragment", Frame.Data.of(5, Wire.DATA_MORE, utf8("hel")));
    BY_NAME.put("data-end", Frame.Data.of(3, Wire.DATA_END, utf8("bye")));
    BY_NAME.put("data-end-and-more", Frame.Data.of(3, Wire.DATA_END | Wire.DATA_MORE, utf8("bye")));
    BY_NAME.put("data-empty", Frame.Data.of(1, 0, new byte[0]));
    BY_NAME.put(
        "data-sequenced", new Frame.Data(7, Wire.DATA_SEQUENCED, 1L << 32, new byte[] {0, -1}));
    BY_NAME.put("data-unknown-flags", Frame.Data.of(1, 0xF8, utf8("hello")));
  }

  private static void registers() {
    Frame.Attributes none = Frame.Attributes.NONE;
    BY_NAME.put("register-small", register("n", none));
    BY_NAME.put(
        "register-full",
        new Frame.Register(
            2,
            2,
            Wire.REGISTER_CLEAN,
            MORE,
            new Frame.Pace(5000, 15_000),
            8192,
            65_536,
            0x1122334455667788L,
            3,
            "zürich/7",
            utf8("s3cret"),
            new Frame.Attributes(
                Map.of("os", "linux", "zone", "eu"), "rack-12", 1_761_638_400_123_456L, 30L)));
    BY_NAME.put(
        "register-unknown-bits",
        new Frame.Register(
            255,
            0,
            0xFFFF,
            -1,
            NO_WISH,
            4096,
            65_536,
            0x1122334455667788L,
            1,
            "n",
            new byte[0],
            none));
    BY_NAME.put(
        "register-unknown-tlv", register("n", new Frame.Attributes(Map.of(), "g", null, null)));
    BY_NAME.put(
        "register-duplicate-tlv",
        register("n", new Frame.Attributes(Map.of("os", "linux"), "a", 9L, null)));
    BY_NAME.put("register-longest-id", register("é".repeat(64), none));
  }

  private static Frame register(String nodeId, Frame.Attributes attributes) {
    return new Frame.Register(
        2,
        2,
        0,
        SOME,
        NO_WISH,
        4096,
        65_536,
        0x1122334455667788L,
        1,
        nodeId,
        new byte[0],
        attributes);
  }

  private static void answers() {
    Frame.Pace usual = new Frame.Pace(10_000, 30_000);
    Frame plain = answer(0, 1, SOME, usual, 4321);
    BY_NAME.put("registered", plain);
    BY_NAME.put("registered-unknown-tlv", plain);
    BY_NAME.put(
        "registered-took-over",
        answer(Wire.ANSWER_TOOK_OVER, 3, MORE, new Frame.Pace(5000, 15_000), 0));
  }

  private static Frame answer(
      int flags, int ackEvery, int capabilities, Frame.Pace pace, long phaseMs) {
    byte[] token = new byte[Wire.SESSION_TOKEN_BYTES];
    for (int i = 0; i < token.length; i++) {
      token[i] = (byte) (0xA0 + i);
    }
    long epoch = 1_761_638_400_123_456L + (flags == 0 ? 0 : 1);
    return new Frame.Registered(
        2,
        flags,
        ackEvery,
        capabilities,
        pace,
        phaseMs,
        4096,
        65_536,
        1024,
        1,
        262_144,
        epoch,
        token);
  }

  private static void ends() {
    BY_NAME.put("unregister-plain", new Frame.Unregister(0));
    BY_NAME.put("unregister-zero", new Frame.Unregister(0));
    BY_NAME.put("unregister-reason", new Frame.Unregister(0x8001));
    BY_NAME.put("error-connection", fault(ErrorCode.BAD_MAGIC, 0, 0, "a frame starts with AB 12"));
    BY_NAME.put(
        "error-channel",
        new Frame.Fault(ErrorCode.FLOW_CONTROL.code(), Frame.Scope.CHANNEL, 3, 0, ""));
    BY_NAME.put(
        "error-advisory",
        new Frame.Fault(ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, 5, 0, "12"));
    BY_NAME.put("error-retry-later", fault(ErrorCode.SERVER_BUSY, 0, 2500, "busy"));
    BY_NAME.put("error-application", new Frame.Fault(0x8001, Frame.Scope.CHANNEL, 3, 0, "nein"));
    BY_NAME.put("error-not-utf8", fault(ErrorCode.INTERNAL, 0, 0, "a\\xFFb"));
    BY_NAME.put(
        "goaway", new Frame.GoAway(ErrorCode.DRAINING.code(), 7, 1000, 100_000, 10_000, ""));
    BY_NAME.put(
        "goaway-redirect",
        new Frame.GoAway(ErrorCode.SERVER_MOVED.code(), 0, 0, 0, 0, "bus2.example:9501"));
    BY_NAME.put("goaway-from-node", new Frame.GoAway(0, 0, 0, 0, 0, ""));
  }

  private static Frame fault(ErrorCode code, long channel, long retryAfterMs, String message) {
    return new Frame.Fault(code.code(), Frame.Scope.CONNECTION, channel, retryAfterMs, message);
  }

  private static void channels() {
    BY_NAME.put("channel-open", open(3, 4096, 0, "topic/weather"));
    BY_NAME.put("channel-open-send-only", open(2, 0, Wire.OPEN_RELIABLE, "größe"));
    BY_NAME.put("channel-open-bad-name", open(5, 4096, 0, null));
    BY_NAME.put("channel-accept", new Frame.ChannelAccept(3, 4096));
    BY_NAME.put("channel-close-half", new Frame.ChannelClose(3, 0));
    BY_NAME.put("channel-close-reset", new Frame.ChannelClose(3, ErrorCode.NO_ROUTE.code()));
    BY_NAME.put("credit", new Frame.Credit(1, 2048));
    BY_NAME.put("credit-most", new Frame.Credit(0xFFFF_FFFFL, Wire.CREDIT_MAX));
    BY_NAME.put("ack", new Frame.Ack(7, 1L << 32));
  }

  private static Frame open(long channel, long credit, int flags, @Nullable String name) {
    return new Frame.ChannelOpen(channel, credit, flags, name);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
