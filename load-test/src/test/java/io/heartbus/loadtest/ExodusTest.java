package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExodusTest {
  private static final long MS = 1_000_000;

  private final Exodus exodus = new Exodus();

  @Test
  void whoGoesWithinASecondGoesTogether() {
    for (int left = 500; left > 0; left--) {
      exodus.lost(12_300 * MS + (500 - left) * MS, left);
    }

    assertThat(exodus.largest()).isEqualTo(new Measured.Exodus(12.3, 500, 500));
  }

  @Test
  void aFewHereAndThereAreNone() {
    for (int second = 0; second < 100; second++) {
      exodus.lost(second * 2_000L * MS, 500 - second);
    }
    exodus.lost(300_000 * MS, 400);
    exodus.lost(300_001 * MS, 399);

    assertThat(exodus.largest()).isNull();
  }

  @Test
  void theLargestIsTold() {
    for (int left = 100; left > 80; left--) {
      exodus.lost(1_000 * MS, left);
    }
    for (int left = 80; left > 20; left--) {
      exodus.lost(5_000 * MS, left);
    }
    for (int left = 20; left > 0; left--) {
      exodus.lost(9_000 * MS, left);
    }

    assertThat(exodus.largest()).isEqualTo(new Measured.Exodus(5.0, 60, 80));
  }
}
