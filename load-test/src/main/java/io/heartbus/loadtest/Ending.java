package io.heartbus.loadtest;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameLog;
import io.heartbus.protocol.ProtocolException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How a connection ended. Reasons are one line of printable text. */
sealed interface Ending {
  /** What SPEC has a node wait that lost the argument over its registration. */
  long LOSER_RETRY_MS = 30_000;

  /** Why a node was not let in that could not even try: those before it had no answer. */
  String NO_TURN = "its turn did not come";

  /** The node was not let in; {@code retryAfterMs} is the server's wish, 0 when it had none. */
  record Refused(String reason, long retryAfterMs) implements Ending {}

  /** The server was too busy to let the node in: it may ask again. */
  record Busy(long retryAfterMs) implements Ending {}

  /** The node was in, and the connection ended without the node's wish. */
  record Lost(String reason, long retryAfterMs) implements Ending {}

  /** The node itself ended it. */
  record Wanted() implements Ending {}

  /** What a fatal ERROR means to a node that has come so far. */
  static Ending told(Frame.Fault fault, ConnectionState state) {
    return switch (state) {
      case WAITING, QUEUED, CONNECTING, REGISTERING -> refused(fault);
      case LIVE -> lost(fault);
      case LEAVING, ENDED -> new Wanted();
    };
  }

  /**
   * What it means to a node that has come so far that the connection broke, or ended from the other
   * side.
   *
   * @param announced the end that the server announced, or null
   */
  static Ending untold(String reason, ConnectionState state, @Nullable Lost announced) {
    return switch (state) {
      case WAITING, QUEUED, CONNECTING, REGISTERING -> new Refused(reason, 0);
      case LIVE -> announced == null ? new Lost(reason, 0) : announced;
      case LEAVING, ENDED -> new Wanted();
    };
  }

  /** What a fatal ERROR means to a node that is not in. */
  static Ending refused(Frame.Fault fault) {
    if (fault.error() == ErrorCode.SERVER_BUSY) {
      return new Busy(retryAfterMs(fault));
    }
    String reason = error(fault) + ": " + FrameLog.escape(fault.message());
    return new Refused(reason, retryAfterMs(fault));
  }

  /** What a fatal ERROR means to a node that is in. Without its text, which may name the node. */
  static Lost lost(Frame.Fault fault) {
    return new Lost(error(fault), retryAfterMs(fault));
  }

  /** The end that a GOAWAY announces; the node comes back {@code jitterMs} later than asked. */
  static Lost announced(Frame.GoAway goAway, long jitterMs) {
    return new Lost("GOAWAY " + name(goAway.code()), goAway.retryAfterMs() + jitterMs);
  }

  /** What to say of a connection that broke when it had come so far. */
  static String reason(IOException e, ConnectionState state) {
    boolean foreign = state == ConnectionState.REGISTERING && e instanceof ProtocolException;
    return foreign ? "no HBP/2 server (" + e.getMessage() + ")" : String.valueOf(e.getMessage());
  }

  /** An ERROR by the name of its code. */
  static String error(Frame.Fault fault) {
    return "ERROR " + name(fault.code());
  }

  /** The name of a code, or its number when SPEC lists none. */
  static String name(int code) {
    ErrorCode known = ErrorCode.of(code);
    return known.code() == code ? known.name() : String.format("0x%04X", code);
  }

  private static long retryAfterMs(Frame.Fault fault) {
    boolean unsaid = fault.retryAfterMs() == 0 && fault.error().aboutRegistration();
    return unsaid ? LOSER_RETRY_MS : fault.retryAfterMs();
  }
}
