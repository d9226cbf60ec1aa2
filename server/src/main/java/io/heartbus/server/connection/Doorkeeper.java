package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: the ids, the limits on connections and registrations, the token, the drain. Any
 * thread.
 */
final class Doorkeeper {
  /** Ids that begin so are the server's own. */
  private static final String RESERVED = "$";

  private static final long RETRY_MS_MIN = 1_000;

  private final ConnectionSettings settings;
  private final TokenBucket registrations;
  private final RandomGenerator random;
  private final byte @Nullable [] token;
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
  private final boolean ownNodes;
  private volatile boolean draining;

  /** The one for everybody. */
  Doorkeeper(ConnectionSettings settings, long nowNanos, RandomGenerator random) {
    this(settings, nowNanos, random, false);
  }

  private Doorkeeper(
      ConnectionSettings settings, long nowNanos, RandomGenerator random, boolean ownNodes) {
    this.settings = settings;
    this.ownNodes = ownNodes;
    this.registrations = new TokenBucket(settings.registrationsPerSecondMax(), nowNanos);
    this.random = random;
    this.token =
        settings.authToken() == null ? null : settings.authToken().getBytes(StandardCharsets.UTF_8);
  }

  /** The one for the server's own nodes, and for nobody else. */
  static Doorkeeper ofOwnNodes(ConnectionSettings settings, long nowNanos, RandomGenerator random) {
    return new Doorkeeper(settings, nowNanos, random, true);
  }

  /** Whether a node with that id may come in by this door. */
  boolean admits(String nodeId) {
    return nodeId.startsWith(RESERVED) == ownNodes;
  }

  /** Counts a connection. Returns whether it is within the limits. */
  boolean enter(InetSocketAddress peer) {
    boolean within = connections.incrementAndGet() <= settings.connectionsMax();
    if (settings.connectionsPerAddressMax() > 0) {
      within &=
          byAddress.merge(peer.getAddress(), 1, Integer::sum)
              <= settings.connectionsPerAddressMax();
    }
    return within;
  }

  /** Takes a connection out of the count. */
  void leave(@Nullable InetSocketAddress peer) {
    connections.decrementAndGet();
    if (settings.connectionsPerAddressMax() > 0 && peer != null) {
      byAddress.computeIfPresent(peer.getAddress(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** How many connections there are, refused ones that linger included. */
  int connections() {
    return connections.get();
  }

  /** Lets nobody in any more. */
  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  /** Whether that is the token. Takes the same time for every wrong one of a length. */
  boolean knows(byte[] presented) {
    return token == null || MessageDigest.isEqual(token, presented);
  }

  /** What keeps a node that may come in from doing so now; null when nothing does. */
  @Nullable ErrorCode refuseNow(long nowNanos) {
    if (draining) {
      return ErrorCode.DRAINING;
    }
    return registrations.tryTake(nowNanos) ? null : ErrorCode.SERVER_BUSY;
  }

  /** When somebody who is refused should come back: varied, so that they do not come together. */
  long retryAfterMs() {
    return RETRY_MS_MIN + random.nextLong(4 * RETRY_MS_MIN);
  }
}
