package io.heartbus.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The client is closed, by its owner or because it gave up coming back; {@link #getCause} is what
 * made it give up.
 */
public final class ClientClosedException extends IOException {
  private static final long serialVersionUID = 1;

  ClientClosedException(@Nullable Throwable cause) {
    super(
        cause == null ? "the client was closed" : "the client gave up: " + cause.getMessage(),
        cause);
  }
}
