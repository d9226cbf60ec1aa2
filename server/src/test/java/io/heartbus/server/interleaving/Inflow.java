package io.heartbus.server.interleaving;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What the server may send on one channel, and the message that is under way from it. */
final class Inflow {
  private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();
  private long window;

  /** What came and was not given back. */
  private long unreturned;

  Inflow(long window) {
    this.window = window;
  }

  /** The node gives credit. */
  void give(long delta) {
    window += delta;
    unreturned -= Math.min(unreturned, delta);
  }

  /** The first grant is that much larger than was assumed. */
  void enlarge(long more) {
    window += more;
  }

  /** A frame came; returns the message if it is complete with that. */
  byte @Nullable [] add(byte[] payload, boolean more) {
    window -= payload.length + Octets.COST;
    unreturned += payload.length + Octets.COST;
    incoming.writeBytes(payload);
    if (more) {
      return null;
    }
    byte[] message = incoming.toByteArray();
    incoming.reset();
    return message;
  }

  boolean midMessage() {
    return incoming.size() > 0;
  }

  /** What the server may still send; negative when it has sent too much. */
  long window() {
    return window;
  }

  long unreturned() {
    return unreturned;
  }
}
