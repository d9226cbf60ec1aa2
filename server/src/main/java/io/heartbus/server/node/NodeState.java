package io.heartbus.server.node;

/** What the server says about a node, as interfaces and metrics name it. */
public enum NodeState {
  /** Heard from in time. The only way back from SUSPECT and HELD is a whole frame. */
  ONLINE,
  /** Silent for two intervals, and probed; or its connection was lost and may still be healed. */
  SUSPECT,
  /** About to time out, but so are too many others: the verdict waits. */
  HELD,
  /** Gone, for the cause given. */
  OFFLINE
}
