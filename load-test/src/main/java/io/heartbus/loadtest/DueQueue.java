package io.heartbus.loadtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A priority queue of things that are due at a time: a binary heap that knows where each entry is,
 * so that moving or removing one costs O(log n) and no garbage. Not thread-safe.
 */
final class DueQueue<E extends DueQueue.Entry> {
  /** What can wait in a queue, in one at a time. Its fields belong to that queue. */
  abstract static class Entry {
    private static final int NOWHERE = -1;

    private long dueNanos;
    private int place = NOWHERE;

    /** When this is due; meaningless while it is in no queue. */
    final long dueNanos() {
      return dueNanos;
    }
  }

  private static final int FIRST_CAPACITY = 64;

  private @Nullable Entry[] heap = new @Nullable Entry[FIRST_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  /** Puts the entry in, or moves it if it is in already. */
  void schedule(E entry, long dueNanos) {
    Entry moved = entry;
    moved.dueNanos = dueNanos;
    if (moved.place == Entry.NOWHERE) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      moved.place = size++;
    }
    int place = siftUp(moved, moved.place);
    siftDown(moved, place);
  }

  /** Takes the entry out; does nothing when it is not in. */
  void remove(E entry) {
    Entry removed = entry;
    if (removed.place == Entry.NOWHERE) {
      return;
    }
    int gap = removed.place;
    removed.place = Entry.NOWHERE;
    Entry last = at(--size);
    heap[size] = null;
    if (gap < size) {
      siftDown(last, siftUp(last, gap));
    }
  }

  /** When the first entry is due, or {@code Long.MAX_VALUE} when the queue is empty. */
  long nextDueNanos() {
    return size == 0 ? Long.MAX_VALUE : at(0).dueNanos;
  }

  /** Takes out the first entry if it is due by then; else null. */
  @Nullable E takeDue(long nowNanos) {
    if (size == 0 || at(0).dueNanos > nowNanos) {
      return null;
    }
    @SuppressWarnings("unchecked") // Only schedule(E) puts entries in.
    E first = (E) at(0);
    remove(first);
    return first;
  }

  /** A copy of what is in, in no particular order. */
  @SuppressWarnings("unchecked") // Only schedule(E) puts entries in.
  List<E> entries() {
    List<E> all = new ArrayList<>(size);
    for (int place = 0; place < size; place++) {
      all.add((E) at(place));
    }
    return all;
  }

  private Entry at(int place) {
    Entry entry = heap[place];
    if (entry == null) {
      throw new IllegalStateException("a hole in the heap at " + place);
    }
    return entry;
  }

  private int siftUp(Entry entry, int from) {
    int place = from;
    while (place > 0 && at((place - 1) / 2).dueNanos > entry.dueNanos) {
      put(at((place - 1) / 2), place);
      place = (place - 1) / 2;
    }
    put(entry, place);
    return place;
  }

  private void siftDown(Entry entry, int from) {
    int place = from;
    for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && at(child + 1).dueNanos < at(child).dueNanos) {
        child++;
      }
      if (at(child).dueNanos >= entry.dueNanos) {
        break;
      }
      put(at(child), place);
      place = child;
    }
    put(entry, place);
  }

  private void put(Entry entry, int place) {
    heap[place] = entry;
    entry.place = place;
  }
}
