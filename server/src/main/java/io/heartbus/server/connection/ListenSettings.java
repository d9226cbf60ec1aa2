package io.heartbus.server.connection;

/**
 * Where nodes connect to.
 *
 * @param port 0 takes a free one
 * @param backlog how many connections the kernel holds before they are accepted; it caps that at
 *     somaxconn
 * @param acceptors how many threads accept
 */
public record ListenSettings(String host, int port, int backlog, int acceptors) {}
