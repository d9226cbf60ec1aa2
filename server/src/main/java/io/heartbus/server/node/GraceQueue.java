package io.heartbus.server.node;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The nodes whose connections were lost and may still be healed, the most urgent first. Any thread.
 */
final class GraceQueue {
  /** Healed ones stay in the queue until there are so many, and more than the others. */
  private static final int HEALED_MAX = 1_000;

  private record Waiting(Node node, long deadlineNanos) {}

  private final ReentrantLock lock = new ReentrantLock();

  /** These are guarded by lock. */
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(
          (left, right) -> Long.signum(left.deadlineNanos() - right.deadlineNanos()));

  private int healed;

  void add(Node node, long deadlineNanos) {
    lock.lock();
    try {
      waiting.add(new Waiting(node, deadlineNanos));
    } finally {
      lock.unlock();
    }
  }

  /** One of them need not be waited for any more. */
  void healed() {
    lock.lock();
    try {
      healed++;
      if (healed > HEALED_MAX && healed > waiting.size() / 2) {
        waiting.removeIf(entry -> !entry.node().isAwaited());
        healed = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out those whose time is up, but no more than so many at once. */
  List<Node> takeDue(long nowNanos, int batchMax) {
    List<Node> due = new ArrayList<>();
    lock.lock();
    try {
      while (due.size() < batchMax && isDue(nowNanos)) {
        due.add(waiting.remove().node());
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue(long nowNanos) {
    Waiting first = waiting.peek();
    return first != null && nowNanos - first.deadlineNanos() >= 0;
  }

  /** Takes out all of them. */
  List<Node> takeAll() {
    lock.lock();
    try {
      List<Node> all = waiting.stream().map(Waiting::node).toList();
      waiting.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }
}
