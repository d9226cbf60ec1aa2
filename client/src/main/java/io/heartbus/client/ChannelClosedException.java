package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;

/**
 * A channel carries nothing more in the direction that was asked for. {@link #error} NORMAL: that
 * direction was closed in the ordinary way; anything else: the channel was refused or reset.
 */
public final class ChannelClosedException extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;

  ChannelClosedException(String channel, int code, String message) {
    super("channel " + channel + ": " + message);
    this.code = code;
  }

  /** The reason; application codes (0x8000 and up) count as NORMAL, see {@link #code}. */
  public ErrorCode error() {
    return ErrorCode.of(code);
  }

  /** The code as it was sent. */
  public int code() {
    return code;
  }
}
