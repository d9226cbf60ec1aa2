package io.heartbus.server.interleaving;

/** How many control frames of one connection the server has counted, and what follows from that. */
final class ControlCount {
  private static final int INTERVAL_MS = 10_000;
  private static final int WINDOW_MS = 30_000;

  private final Profile profile;
  private int least;
  private int most;
  private boolean warned;

  ControlCount(Profile profile) {
    this.profile = profile;
  }

  /** A frame of those that count was sent; for certain, or if something is still open. */
  void add(boolean certain) {
    most++;
    least += certain ? 1 : 0;
  }

  /** One of those that may not have counted did, or did not. */
  void resolve(boolean counted) {
    least += counted ? 1 : 0;
    most -= counted ? 0 : 1;
  }

  /** How many may follow before one is too many; negative when nobody can know. */
  int left() {
    if (profile.controlFrames() == 0) {
      return Integer.MAX_VALUE;
    }
    return least == most ? 2 * budget() - most : -1;
  }

  /** The server warns; it may once. Returns whether that is right. */
  boolean warns() {
    boolean right = !warned && most > budget();
    warned = true;
    return right;
  }

  /** Whether a warning is missing. */
  boolean warningMissing() {
    return least > budget() && !warned;
  }

  private int budget() {
    return profile.controlFrames() == 0
        ? Integer.MAX_VALUE / 2
        : profile.controlFrames() + 2 * (WINDOW_MS / INTERVAL_MS);
  }
}
