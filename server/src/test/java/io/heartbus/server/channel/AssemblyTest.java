package io.heartbus.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Fragments become messages. */
class AssemblyTest {
  @Test
  void aMessageInOnePieceIsHandedOnAsItIs() {
    Assembly assembly = new Assembly();
    byte[] whole = {1, 2, 3};
    assertThat(assembly.add(whole, false)).isSameAs(whole);
    assertThat(assembly.add(new byte[0], false)).isEmpty();
    assertThat(assembly.pendingBytes()).isZero();
  }

  @Test
  void anyCutOfAMessageGivesThatMessage() {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Assembly assembly = new Assembly();
      for (int message = 0; message < 4; message++) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        byte[] joined = null;
        for (int left = random.nextInt(12); joined == null; left--) {
          // Empty fragments are legal anywhere.
          byte[] part = new byte[random.nextInt(3) * random.nextInt(500)];
          random.nextBytes(part);
          sent.writeBytes(part);
          joined = assembly.add(part, left > 0);
          assertThat(joined == null).as("seed %d", seed).isEqualTo(left > 0);
          assertThat(assembly.pendingBytes())
              .as("seed %d", seed)
              .isEqualTo(left > 0 ? sent.size() : 0);
        }
        assertThat(joined).as("seed %d", seed).isEqualTo(sent.toByteArray());
      }
    }
  }

  @Test
  void whatWasHandedOnIsNotWrittenToAgain() {
    Assembly assembly = new Assembly();
    assembly.add(new byte[] {1}, true);
    byte[] first = assembly.add(new byte[] {2}, false);
    assembly.add(new byte[] {3}, true);
    byte[] second = assembly.add(new byte[] {4}, false);
    assertThat(first).containsExactly(1, 2);
    assertThat(second).containsExactly(3, 4);
  }

  @Test
  void theLimitIsForTheWholeMessage() {
    Assembly assembly = new Assembly();
    assertThat(assembly.exceeds(10, 10)).isFalse();
    assertThat(assembly.exceeds(11, 10)).isTrue();
    assembly.add(new byte[6], true);
    assertThat(assembly.exceeds(4, 10)).isFalse();
    assertThat(assembly.exceeds(5, 10)).isTrue();
    assertThat(assembly.exceeds(0, 10)).isFalse();
    assertThat(assembly.exceeds(Integer.MAX_VALUE, Integer.MAX_VALUE)).isTrue();
  }
}
