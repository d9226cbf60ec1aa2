package io.heartbus.server.node;

import java.util.Locale;

/** What can happen to nodes; the presence feed has the names in lower case. */
public enum EventType {
  /** A session began where there was none, or a silent node was heard again. */
  ONLINE,
  /** A node was silent for two intervals, and is probed. */
  SUSPECT,
  /** A session ended, for the cause given. */
  OFFLINE,
  /** A session ended because a newer one of the same node began; the event is the newer one's. */
  REPLACED,
  /** Too many nodes fell silent at once, or were lost with the server: stands for all of them. */
  MASS_LOSS,
  /** The server itself stood still; that time counts against no node. */
  STALL;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** As feeds and filters write it. */
  public String text() {
    return text;
  }
}
