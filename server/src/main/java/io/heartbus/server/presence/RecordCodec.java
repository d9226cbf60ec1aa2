package io.heartbus.server.presence;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of events in a segment: one record each, in the order of their numbers, which are not
 * written. A record is
 *
 * <pre>
 *   u16 bytes of the body   u16 check of that   u32 CRC-32C
 *   u8 type   u8 cause, 0 for none   time in ms   session   silence in ms + 1
 *   node   group   detail
 * </pre>
 *
 * Numbers of the body are base 128, the low seven bits first; a text is its bytes plus one, 0 for
 * none, and UTF-8. The sum covers epoch and number of the event as well, so that no record can be
 * taken for another; the check is its upper half as it is behind the length, which tells a length
 * that was damaged from a record that ends too early. A record without a body is a mark: the log
 * was closed here, and all that was told is before it.
 *
 * <p>Pure bytes; one thread at a time.
 */
final class RecordCodec {
  private static final int HEAD_BYTES = 8;
  private static final int CHECK_AT = 2;
  private static final int SUM_AT = 4;

  /** What is longer is cut; ids and groups never are, only a detail might be. */
  static final int TEXT_BYTES_MAX = 16 << 10;

  private static final int NUMBER_BYTES_MAX = 10;
  private static final int TEXTS = 3;
  private static final int NUMBERS = 3;

  /** How much room a record needs at most. */
  static final int RECORD_BYTES_MAX =
      HEAD_BYTES + 2 + NUMBERS * NUMBER_BYTES_MAX + TEXTS * (NUMBER_BYTES_MAX + TEXT_BYTES_MAX);

  private static final Map<Byte, EventType> TYPES = byCode(EventType.values(), RecordCodec::code);
  private static final Map<Byte, Cause> CAUSES = byCode(Cause.values(), RecordCodec::code);

  private final long epoch;
  private final CRC32C sum = new CRC32C();

  /** What the sum covers and no record holds, and the length. */
  private final ByteBuffer place = ByteBuffer.allocate(2 * Long.BYTES + Short.BYTES);

  /** A codec for the events of that epoch. */
  RecordCodec(long epoch) {
    this.epoch = epoch;
  }

  /** What stands at a place of a segment. */
  sealed interface Decoded {
    /** A whole record. */
    record Event(PresenceEvent event) implements Decoded {}

    /** Anything else. */
    enum Other implements Decoded {
      /** The log was closed here. */
      MARK,
      /** The bytes end within the record, or before it. */
      TORN,
      /** This was never written so. */
      BROKEN
    }
  }

  /** Puts an event; there must be room for {@link #RECORD_BYTES_MAX}. */
  void encode(PresenceEvent event, ByteBuffer out) {
    int start = out.position();
    NodeEvent what = event.what();
    Cause cause = what.cause();
    out.position(start + HEAD_BYTES);
    out.put(code(what.type()));
    out.put(cause == null ? 0 : code(cause));
    putNumber(out, event.timeMs());
    putNumber(out, what.session());
    putNumber(out, what.silenceMs() + 1);
    putText(out, what.node());
    putText(out, what.group());
    putText(out, what.detail());
    seal(out, start, event.seq());
  }

  /** Puts a mark before the event with that number. */
  void encodeMark(long seq, ByteBuffer out) {
    int start = out.position();
    out.position(start + HEAD_BYTES);
    seal(out, start, seq);
  }

  /**
   * Takes what must be the event with that number, or a mark. Only what is whole moves the
   * position.
   */
  Decoded decode(ByteBuffer in, long seq) {
    int start = in.position();
    if (in.remaining() < SUM_AT) {
      return Decoded.Other.TORN;
    }
    int bodyBytes = Short.toUnsignedInt(in.getShort(start));
    if (begin(seq, bodyBytes) != in.getShort(start + CHECK_AT)) {
      return Decoded.Other.BROKEN;
    }
    if (in.remaining() < HEAD_BYTES + bodyBytes) {
      return Decoded.Other.TORN;
    }
    ByteBuffer body = in.slice(start + HEAD_BYTES, bodyBytes);
    sum.update(body);
    if ((int) sum.getValue() != in.getInt(start + SUM_AT)) {
      return Decoded.Other.BROKEN;
    }
    Decoded decoded = bodyBytes == 0 ? Decoded.Other.MARK : event(body.flip(), seq);
    if (decoded != Decoded.Other.BROKEN) {
      in.position(start + HEAD_BYTES + bodyBytes);
    }
    return decoded;
  }

  private static Decoded event(ByteBuffer body, long seq) {
    try {
      EventType type = TYPES.get(body.get());
      byte causeCode = body.get();
      Cause cause = CAUSES.get(causeCode);
      if (type == null || (cause == null && causeCode != 0)) {
        return Decoded.Other.BROKEN;
      }
      long timeMs = number(body);
      long session = number(body);
      long silenceMs = number(body) - 1;
      String node = text(body);
      String group = text(body);
      NodeEvent what = new NodeEvent(type, node, session, cause, group, silenceMs, text(body));
      return new Decoded.Event(new PresenceEvent(seq, timeMs, what));
    } catch (BufferUnderflowException notOurs) {
      return Decoded.Other.BROKEN;
    }
  }

  private void seal(ByteBuffer out, int start, long seq) {
    int bodyBytes = out.position() - start - HEAD_BYTES;
    out.putShort(start, (short) bodyBytes);
    out.putShort(start + CHECK_AT, begin(seq, bodyBytes));
    sum.update(out.slice(start + HEAD_BYTES, bodyBytes));
    out.putInt(start + SUM_AT, (int) sum.getValue());
  }

  /** Begins the sum of a record. Returns the check of its length. */
  private short begin(long seq, int bodyBytes) {
    sum.reset();
    sum.update(place.clear().putLong(epoch).putLong(seq).putShort((short) bodyBytes).flip());
    return (short) (sum.getValue() >>> Short.SIZE);
  }

  private static void putNumber(ByteBuffer out, long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long number(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new BufferUnderflowException();
  }

  private static void putText(ByteBuffer out, @Nullable String text) {
    if (text == null) {
      putNumber(out, 0);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = bytes.length;
    if (length > TEXT_BYTES_MAX) {
      length = TEXT_BYTES_MAX;
      while ((bytes[length] & 0xC0) == 0x80) {
        // In the middle of a character.
        length--;
      }
    }
    putNumber(out, length + 1L);
    out.put(bytes, 0, length);
  }

  private static @Nullable String text(ByteBuffer in) {
    long length = number(in) - 1;
    if (length < 0) {
      return null;
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte code(EventType type) {
    return switch (type) {
      case ONLINE -> 1;
      case SUSPECT -> 2;
      case OFFLINE -> 3;
      case REPLACED -> 4;
      case MASS_LOSS -> 5;
      case STALL -> 6;
    };
  }

  private static byte code(Cause cause) {
    return switch (cause) {
      case TIMEOUT -> 1;
      case DISCONNECTED -> 2;
      case LEFT -> 3;
      case KICKED -> 4;
      case REPLACED -> 5;
      case DRAINED -> 6;
      case SLOW_CONSUMER -> 7;
      case PROTOCOL_ERROR -> 8;
      case SERVER_LOST -> 9;
    };
  }

  private static <T> Map<Byte, T> byCode(T[] values, Function<T, Byte> code) {
    return Stream.of(values).collect(Collectors.toMap(code, value -> value));
  }
}
