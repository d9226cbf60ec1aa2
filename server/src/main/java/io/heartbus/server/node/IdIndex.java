package io.heartbus.server.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All known ids in byte order, for pages that start anywhere. Sorted blocks of ids under a tree of
 * their first ones: a change moves one block's references at most, and an id costs about six bytes,
 * where a skip list would cost forty.
 *
 * <p>Any thread; each call holds one lock for a short time.
 */
final class IdIndex {
  private static final int BLOCK_IDS_MAX = 256;

  private static final class Block {
    String[] ids;
    int size;

    Block(String[] ids, int size) {
      this.ids = ids;
      this.size = size;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Blocks by the lower end of their range; the first block's is the empty string. Guarded by lock.
   */
  private final TreeMap<String, Block> blocks = new TreeMap<>(IdOrder.BYTES);

  IdIndex() {
    blocks.put("", new Block(new String[8], 0));
  }

  /** Adds an id that is not there. */
  void add(String id) {
    lock.lock();
    try {
      Block block = blockOf(id).getValue();
      int place = -Arrays.binarySearch(block.ids, 0, block.size, id, IdOrder.BYTES) - 1;
      if (place < 0) {
        return;
      }
      if (block.size == block.ids.length) {
        block.ids = Arrays.copyOf(block.ids, Math.min(BLOCK_IDS_MAX, block.size * 3 / 2));
      }
      System.arraycopy(block.ids, place, block.ids, place + 1, block.size - place);
      block.ids[place] = id;
      block.size++;
      if (block.size == BLOCK_IDS_MAX) {
        split(block);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes an id, if it is there. */
  void remove(String id) {
    lock.lock();
    try {
      Map.Entry<String, Block> entry = blockOf(id);
      Block block = entry.getValue();
      int place = Arrays.binarySearch(block.ids, 0, block.size, id, IdOrder.BYTES);
      if (place < 0) {
        return;
      }
      System.arraycopy(block.ids, place + 1, block.ids, place, block.size - place - 1);
      block.size--;
      Arrays.fill(block.ids, block.size, block.size + 1, null);
      if (block.size == 0 && !entry.getKey().isEmpty()) {
        blocks.remove(entry.getKey());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ids in order.
   *
   * @param first where to begin
   * @param inclusive whether {@code first} itself counts
   * @param count how many at most
   */
  List<String> from(String first, boolean inclusive, int count) {
    List<String> ids = new ArrayList<>();
    lock.lock();
    try {
      for (Block block : blocks.tailMap(blockOf(first).getKey(), true).values()) {
        int found = Arrays.binarySearch(block.ids, 0, block.size, first, IdOrder.BYTES);
        int place = found < 0 ? -found - 1 : found + (inclusive ? 0 : 1);
        for (int i = place; i < block.size; i++) {
          if (ids.size() == count) {
            return ids;
          }
          ids.add(block.ids[i]);
        }
      }
      return ids;
    } finally {
      lock.unlock();
    }
  }

  private Map.Entry<String, Block> blockOf(String id) {
    Map.Entry<String, Block> entry = blocks.floorEntry(id);
    if (entry == null) {
      throw new IllegalStateException("the first block begins before every id");
    }
    return entry;
  }

  private void split(Block block) {
    int half = block.size / 2;
    String[] upper = Arrays.copyOfRange(block.ids, half, block.size);
    blocks.put(upper[0], new Block(upper, upper.length));
    // Ids mostly come in ascending order, so the lower half is not likely to grow again.
    block.ids = Arrays.copyOf(block.ids, half);
    block.size = half;
  }
}
