package io.heartbus.loadtest;

/** The run cannot begin as it was asked for. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  private final String complaint;

  /** {@code complaint} says in one line what to change. */
  UsageException(String complaint) {
    super(complaint);
    this.complaint = complaint;
  }

  /** What to change, in one line. */
  String complaint() {
    return complaint;
  }
}
