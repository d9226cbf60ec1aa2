package io.heartbus.server.presence;

import java.util.ArrayList;
import java.util.List;

/**
 * The epochs of a log in one run: a new one begins when the disk fails or is back, and the numbers
 * go on. One thread at a time begins them; any thread may ask.
 */
final class Epochs {
  /** So many are remembered, the newest. */
  private static final int EPOCHS_MAX = 100;

  private volatile List<String> all;

  Epochs(String first) {
    all = List.of(first);
  }

  String present() {
    return all.getLast();
  }

  /** Whether it is the present one, or was. */
  boolean had(String epoch) {
    return all.contains(epoch);
  }

  void begin(String epoch) {
    List<String> longer = new ArrayList<>(all);
    longer.add(epoch);
    all = List.copyOf(longer.subList(Math.max(0, longer.size() - EPOCHS_MAX), longer.size()));
  }
}
