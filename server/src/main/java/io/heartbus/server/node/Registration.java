package io.heartbus.server.node;

import org.jspecify.annotations.Nullable;

/** What came of a registration. */
public sealed interface Registration {
  /** The node is in. {@code replaced} was the connection of a live session, to be told so. */
  record Admitted(Node node, @Nullable Link replaced) implements Registration {}

  /** It is an older connection of the process that is registered by now. */
  record Late() implements Registration {}

  /** The id changed hands too often. */
  record Flapping(long retryAfterMs) implements Registration {}
}
