package io.heartbus.server.conformance;

import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Many nodes that beat on whatever the server does, and remember how silent they have been
 * themselves: this process may stand still, too. Owns the thread that beats.
 */
final class BeatingNodes implements AutoCloseable {
  private static final long NANOS_PER_MS = 1_000_000;

  /** One of them. The thread that beats uses it, and the flag is anybody's. */
  private static final class Node {
    final String id;
    final Peer peer;
    long lastBeatNanos = System.nanoTime();
    volatile long silenceNanosMax;
    volatile boolean silent;
    volatile boolean cutOff;

    Node(String id, Peer peer) {
      this.id = id;
      this.peer = peer;
    }

    void beat() {
      long beforeNanos = System.nanoTime();
      try {
        peer.send(Frame.HeartbeatRequest.PLAIN);
      } catch (IOException closed) {
        cutOff = true;
      }
      // As silent as the server can have found it.
      silenceNanosMax = Math.max(silenceNanosMax, System.nanoTime() - lastBeatNanos);
      lastBeatNanos = beforeNanos;
    }
  }

  private final List<Node> nodes = new ArrayList<>();
  private final long intervalNanos;
  private final long timeoutNanos;
  private final Thread beating = Thread.ofPlatform().name("beating").daemon().unstarted(this::beat);
  private volatile boolean closed;

  private BeatingNodes(long intervalMs, long timeoutMs) {
    this.intervalNanos = intervalMs * NANOS_PER_MS;
    this.timeoutNanos = timeoutMs * NANOS_PER_MS;
  }

  /** Registers {@code n0}, {@code n1} and so on, and lets them beat. */
  static BeatingNodes join(InetSocketAddress bus, int count, long intervalMs, long timeoutMs)
      throws IOException {
    BeatingNodes all = new BeatingNodes(intervalMs, timeoutMs);
    all.beating.start();
    for (int i = 0; i < count; i++) {
      String id = "n" + i;
      Peer peer = Peer.connect(bus);
      Frame.Registered terms = peer.register(RawRegister.of(id).asking(intervalMs, timeoutMs));
      if (!terms.pace().equals(new Frame.Pace(intervalMs, timeoutMs))) {
        throw new AssertionError("the server wants " + terms.pace());
      }
      synchronized (all.nodes) {
        all.nodes.add(new Node(id, peer));
      }
    }
    return all;
  }

  private List<Node> nodes() {
    synchronized (nodes) {
      return List.copyOf(nodes);
    }
  }

  private void beat() {
    while (!closed) {
      nodes().stream().filter(node -> !node.silent && !node.cutOff).forEach(Node::beat);
      LockSupport.parkNanos(intervalNanos);
    }
  }

  /** That one says nothing any more; its socket stays open. Returns its id. */
  String kill(int index) {
    Node node = nodes().get(index);
    node.silent = true;
    return node.id;
  }

  /**
   * Those whose own silence never lasted for a timeout, the killed ones left out: they have to be
   * live.
   */
  Set<String> neverSilent() {
    Set<String> ids = new HashSet<>();
    for (Node node : nodes()) {
      if (!node.silent && node.silenceNanosMax < timeoutNanos) {
        ids.add(node.id);
      }
    }
    return ids;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(beating);
    for (Node node : nodes()) {
      node.peer.close();
    }
  }
}
