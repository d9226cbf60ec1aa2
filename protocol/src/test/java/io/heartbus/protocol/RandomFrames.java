package io.heartbus.protocol;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Frames at random: every record, every optional part there or not, every field over its range. */
final class RandomFrames {
  private static final String[] CHARACTERS = {"a", "Z", "0", "/", " ", "é", "–", "漢", "😀"};

  private final Random random;

  RandomFrames(Random random) {
    this.random = random;
  }

  /** A frame that a peer in that role may send; never REGISTER. */
  Frame next(Role sender) {
    return switch (random.nextInt(12)) {
      case 0 -> sender == Role.NODE ? new Frame.HeartbeatRequest(maybeStats()) : answer();
      case 1 -> data();
      case 2 -> new Frame.Ping(maybeLong());
      case 3 -> new Frame.Pong(maybeLong());
      case 4 -> new Frame.Unregister(u16());
      case 5 -> new Frame.Fault(u16(), scope(), u32(), u32(), text(512));
      case 6 -> new Frame.ChannelOpen(u32(), u32(), random.nextInt(256), text(255));
      case 7 -> new Frame.ChannelAccept(u32(), u32());
      case 8 -> new Frame.ChannelClose(u32(), u16());
      case 9 -> new Frame.Credit(u32(), u32());
      case 10 -> new Frame.GoAway(u16(), u32(), u32(), u32(), u32(), text(255));
      default -> new Frame.Ack(u32(), random.nextLong());
    };
  }

  Frame.Register register() {
    return new Frame.Register(
        2 + random.nextInt(254),
        random.nextInt(3),
        u16(),
        random.nextInt() | Wire.CAPABILITY_CREDIT,
        new Frame.Pace(u32(), u32()),
        Wire.INITIAL_CREDIT_MIN + u32() / 2,
        Wire.REGISTER_BODY_BYTES_MAX + u32() / 2,
        random.nextLong(),
        u32(),
        text(Wire.NODE_ID_BYTES_MAX),
        bytes(64),
        attributes());
  }

  Frame.Registered registered() {
    byte[] token = new byte[Wire.SESSION_TOKEN_BYTES];
    random.nextBytes(token);
    return new Frame.Registered(
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(),
        new Frame.Pace(u32(), u32()),
        u32(),
        u32(),
        u32(),
        u32(),
        u32(),
        u32(),
        random.nextLong(),
        token);
  }

  private Frame answer() {
    Frame.Pace retune = random.nextBoolean() ? new Frame.Pace(u32(), u32()) : null;
    Frame.Stats echo = retune == null ? maybeStats() : new Frame.Stats(u32(), u32());
    return new Frame.HeartbeatResponse(echo, retune);
  }

  private Frame data() {
    int flags = random.nextInt(256);
    long seq = (flags & Wire.DATA_SEQUENCED) == 0 ? 0 : random.nextLong();
    return new Frame.Data(u32(), flags, seq, bytes(300));
  }

  private Frame.Attributes attributes() {
    Map<String, String> metadata = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      metadata.put(text(40), text(60));
    }
    return new Frame.Attributes(
        metadata,
        random.nextBoolean() ? text(100) : null,
        random.nextBoolean() ? (Long) random.nextLong(Wire.LAST_EPOCH_MAX + 1) : null,
        random.nextBoolean() ? (Long) u32() : null);
  }

  private Frame.@Nullable Stats maybeStats() {
    return random.nextBoolean() ? new Frame.Stats(u32(), u32()) : null;
  }

  private @Nullable Long maybeLong() {
    return random.nextBoolean() ? (Long) random.nextLong() : null;
  }

  private Frame.Scope scope() {
    Frame.Scope[] scopes = Frame.Scope.values();
    return scopes[random.nextInt(scopes.length)];
  }

  private int u16() {
    return random.nextInt(0x1_0000);
  }

  private long u32() {
    return switch (random.nextInt(8)) {
      case 0 -> 0xFFFF_FFFFL;
      case 1 -> 0x8000_0000L;
      default -> random.nextLong(1L << 32);
    };
  }

  private byte[] bytes(int countMax) {
    byte[] bytes = new byte[random.nextInt(countMax + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** At least one character, and at most that many bytes. */
  private String text(int bytesMax) {
    StringBuilder text = new StringBuilder();
    // A character takes four bytes at most.
    int characters = 1 + random.nextInt(bytesMax / 4);
    for (int i = 0; i < characters; i++) {
      text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }
}
