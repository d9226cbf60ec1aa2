package io.heartbus.server.node;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The offline nodes that can still be asked about, the longest gone first. Any thread. */
final class OfflineShelf {
  private final ReentrantLock lock = new ReentrantLock();

  /** By id. Guarded by lock. */
  private final LinkedHashMap<String, Node> nodes = new LinkedHashMap<>();

  void put(Node node) {
    lock.lock();
    try {
      nodes.remove(node.id());
      nodes.put(node.id(), node);
    } finally {
      lock.unlock();
    }
  }

  void remove(Node node) {
    lock.lock();
    try {
      nodes.remove(node.id(), node);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out what is over the count or went offline before that time, but no more than so many at
   * once.
   */
  List<Node> takeExpired(long beforeMs, int nodesMax, int batchMax) {
    List<Node> expired = new ArrayList<>();
    lock.lock();
    try {
      Iterator<Node> oldest = nodes.values().iterator();
      while (expired.size() < batchMax && oldest.hasNext()) {
        @Nullable Node node = oldest.next();
        if (nodes.size() <= nodesMax && node.status().sinceMs() >= beforeMs) {
          break;
        }
        oldest.remove();
        expired.add(node);
      }
      return expired;
    } finally {
      lock.unlock();
    }
  }
}
