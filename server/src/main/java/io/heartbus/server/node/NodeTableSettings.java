package io.heartbus.server.node;

/**
 * Bounds of the node table.
 *
 * @param takeoversMax how often an id may change hands within a minute; 0 = no limit
 * @param retainMs how long an offline node can still be asked about
 * @param retainNodesMax how many offline nodes are kept at most, the newest
 */
public record NodeTableSettings(int takeoversMax, long retainMs, int retainNodesMax) {}
