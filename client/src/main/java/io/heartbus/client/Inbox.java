package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What came in on one channel and was not taken yet. Fragments are joined, and so count as taken,
 * only when the consumer asks: what waits unread never exceeds the credit that was given. Pure;
 * guarded by its channel's lock.
 */
final class Inbox {
  /** A frame, and the credit that it used up: that of a lost connection is not granted again. */
  private record Arrived(Frame.Data data, ReceiveCredit credit) {}

  private final ArrayDeque<Arrived> queue = new ArrayDeque<>();
  private final int messageBytesMax;
  private ReceiveCredit credit = new ReceiveCredit(0);
  private @Nullable ByteArrayOutputStream joined;
  private long grantDue;
  private boolean tooLarge;

  Inbox(int messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /** A new connection grants so much from the start. */
  void attach(long initialCredit) {
    credit = new ReceiveCredit(initialCredit);
    grantDue = 0;
    tooLarge = false;
  }

  /** False when no credit covers the frame. */
  boolean arrived(Frame.Data data) {
    if (!credit.arrived(cost(data))) {
      return false;
    }
    queue.addLast(new Arrived(data, credit));
    return true;
  }

  /** The next whole message, or null when none has come yet, or {@link #tooLarge}. */
  byte @Nullable [] poll() {
    while (!queue.isEmpty() && !tooLarge) {
      Arrived next = queue.removeFirst();
      byte[] payload = next.data().payload();
      if (next.credit() == credit) {
        grantDue += credit.taken(cost(next.data()));
      }
      int before = joined == null ? 0 : joined.size();
      if (payload.length > messageBytesMax - before) {
        tooLarge = true;
      } else if (next.data().more()) {
        joined = joined == null ? new ByteArrayOutputStream(payload.length) : joined;
        joined.writeBytes(payload);
      } else if (joined == null) {
        return payload;
      } else {
        joined.writeBytes(payload);
        byte[] message = joined.toByteArray();
        joined = null;
        return message;
      }
    }
    return null;
  }

  /** Whether the message that is being joined is longer than this side takes. */
  boolean tooLarge() {
    return tooLarge;
  }

  /** What is to be granted again since the last call. */
  long takeGrant() {
    long due = grantDue;
    grantDue = 0;
    return due;
  }

  /** Drops the beginning of a message whose end will never come; true when there was one. */
  boolean cut() {
    boolean cut = false;
    while (!queue.isEmpty() && queue.getLast().data().more()) {
      queue.removeLast();
      cut = true;
    }
    if (queue.isEmpty() && joined != null) {
      joined = null;
      cut = true;
    }
    return cut;
  }

  void clear() {
    queue.clear();
    joined = null;
    grantDue = 0;
  }

  private static long cost(Frame.Data data) {
    return data.payload().length + (long) Wire.DATA_COST_BYTES;
  }
}
