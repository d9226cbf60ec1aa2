package io.heartbus.loadtest;

/** The run cannot begin as it was asked for; the message says in one line what to change. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
