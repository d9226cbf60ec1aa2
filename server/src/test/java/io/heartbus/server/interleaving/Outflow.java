package io.heartbus.server.interleaving;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What a node has sent on one channel, and what becomes of that at the server. */
final class Outflow {
  private final Profile profile;
  private final Kind kind;
  private final Granted granted;
  private final ByteArrayOutputStream outgoing = new ByteArrayOutputStream();
  private boolean tooLarge;
  private boolean mayBeRefused;
  private int messages;
  private int heldFrames;
  private long heldBytes;

  Outflow(Profile profile, Kind kind) {
    this.profile = profile;
    this.kind = kind;
    this.granted = new Granted(profile.initialCredit(), profile.tight());
  }

  /** A frame is sent; returns the message if that completes one which the server handles. */
  byte @Nullable [] add(byte[] payload, boolean end, boolean more) {
    boolean held = holds();
    if (held) {
      heldFrames++;
      heldBytes += payload.length + Octets.COST;
    }
    granted.sent(payload.length + Octets.COST, !held && !end);
    outgoing.writeBytes(payload);
    if (!held && outgoing.size() > profile.messageBytesMax()) {
      tooLarge = true;
    } else if (more && !end && profile.tight()) {
      mayBeRefused |= outgoing.size() > profile.initialCredit();
    }
    if (more && !end) {
      return null;
    }
    messages++;
    byte[] message = outgoing.toByteArray();
    outgoing.reset();
    return tooLarge ? null : message;
  }

  /** Whether the server has a message that it keeps for ever, and looks at nothing behind it. */
  boolean holds() {
    return kind == Kind.HOLD && messages > 0;
  }

  /** The node's side ends; a part of a message is lost. */
  void end() {
    outgoing.reset();
  }

  /** Whether anything of a message has been sent and not its end. */
  boolean midMessage() {
    return outgoing.size() > 0;
  }

  /** Whether a message was larger than the server joins; it handles none after that. */
  boolean tooLarge() {
    return tooLarge;
  }

  /** Whether the server may have refused to join a message because it held too much. */
  boolean mayBeRefused() {
    return mayBeRefused;
  }

  /** Frames that wait behind what the server holds. */
  int heldFrames() {
    return heldFrames;
  }

  /** What the server holds when it has handled what it can. */
  long bufferedBytes() {
    return holds() ? heldBytes : outgoing.size();
  }

  Granted granted() {
    return granted;
  }
}
