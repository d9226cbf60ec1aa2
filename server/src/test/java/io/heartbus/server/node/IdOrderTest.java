package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The order of ids is that of their bytes on the wire. */
class IdOrderTest {
  private static int byBytes(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private static void sameOrder(String left, String right) {
    assertThat(Integer.signum(IdOrder.BYTES.compare(left, right)))
        .as("%s, %s", left, right)
        .isEqualTo(Integer.signum(byBytes(left, right)));
  }

  @Test
  void charactersAtTheEdgesComeInTheOrderOfTheirBytes() {
    int[] edges = {
      0x20, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF
    };
    for (int left : edges) {
      for (int right : edges) {
        sameOrder(Character.toString(left), Character.toString(right));
        sameOrder("a" + Character.toString(left), "a" + Character.toString(right) + "b");
        sameOrder(Character.toString(left).repeat(2), Character.toString(right));
      }
      sameOrder("", Character.toString(left));
    }
  }

  @Test
  void anyTwoIdsComeInTheOrderOfTheirBytes() {
    for (int seed = 0; seed < 50_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      sameOrder(RandomIds.next(random), RandomIds.next(random));
    }
  }
}
