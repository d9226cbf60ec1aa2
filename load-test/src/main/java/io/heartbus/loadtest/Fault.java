package io.heartbus.loadtest;

import java.util.Locale;

/** A way in which nodes die in the scenario detect. */
enum Fault {
  /** The process ends: its kernel says so (FIN). */
  CLOSE("DISCONNECTED"),
  /** The connection is cut off with a reset (RST). */
  RESET("DISCONNECTED"),
  /** The node says nothing any more; its socket stays open, and its kernel acknowledges. */
  SILENCE("TIMEOUT"),
  /** The network takes every packet of the node, in both directions. */
  DROP("TIMEOUT"),
  /** The process stands still (SIGSTOP); its kernel acknowledges. */
  STOP("TIMEOUT");

  private final String cause;

  Fault(String cause) {
    this.cause = cause;
  }

  /** Its name in a report. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the server has to say about it. */
  String cause() {
    return cause;
  }

  /** Whether nothing but the node's silence shows it. */
  boolean byTimeout() {
    return cause.equals("TIMEOUT");
  }

  /** Whether the fleet itself does it; the others are done to a process of their own. */
  boolean inFleet() {
    return this == CLOSE || this == RESET || this == SILENCE;
  }
}
