package io.heartbus.server.liveness;

/**
 * When too many nodes would time out at once to be believed.
 *
 * @param share of all nodes, 0 to 1
 * @param nodesMin and at least so many nodes
 * @param groupShare of the nodes of one group, 0 to 1
 * @param groupNodesMin in groups that have at least so many
 * @param holdTimeouts for how many of their timeouts the verdicts wait
 * @param releaseTimeouts after how many timeouts, counted from the same time, all are given
 */
public record MassLossSettings(
    double share,
    int nodesMin,
    double groupShare,
    int groupNodesMin,
    double holdTimeouts,
    double releaseTimeouts) {
  /** However many are lost, each verdict is given in its time. */
  public static final MassLossSettings NEVER =
      new MassLossSettings(1, Integer.MAX_VALUE, 1, Integer.MAX_VALUE, 0, 0);
}
