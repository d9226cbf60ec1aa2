package io.heartbus.server.node;

/** Where events go, in the order in which they happened: this room's port to the floor above it. */
@FunctionalInterface
public interface EventSink {
  /**
   * Takes note of an event. Called under the lock of transitions: must neither block nor call back.
   */
  void append(NodeEvent event);
}
