package io.heartbus.server.node;

import io.heartbus.server.liveness.FlapSettings;

/**
 * Bounds of the node table.
 *
 * @param takeoversMax how often an id may change hands within a minute; 0 = no limit
 * @param retainMs how long an offline node can still be asked about
 * @param retainNodesMax how many offline nodes are kept at most, the newest
 * @param grace how long a lost connection may be healed before its node is offline
 * @param flap when the events of a node are held back
 */
public record NodeTableSettings(
    int takeoversMax, long retainMs, int retainNodesMax, GraceSettings grace, FlapSettings flap) {
  /** Neither grace nor damping. */
  public NodeTableSettings(int takeoversMax, long retainMs, int retainNodesMax) {
    this(takeoversMax, retainMs, retainNodesMax, GraceSettings.NONE, FlapSettings.OFF);
  }
}
