package io.heartbus.client;

import java.io.IOException;

/**
 * The connection ended under what was going on; {@link #getCause} says why when anything is known.
 * Whatever had been sent may have arrived or not.
 */
public final class ConnectionLostException extends IOException {
  private static final long serialVersionUID = 1;

  ConnectionLostException(String message) {
    super(message);
  }

  ConnectionLostException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
