package io.heartbus.server.connection;

/**
 * How the server takes leave of its nodes.
 *
 * @param windowMs over how long the goodbyes are spread, and how long after the last of them what
 *     is left gets closed
 * @param reconnectsPerSecond how many nodes the other servers can take in
 */
public record DrainSettings(long windowMs, int reconnectsPerSecond) {}
