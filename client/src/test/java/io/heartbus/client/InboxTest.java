package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final Inbox inbox = new Inbox(10);

  @BeforeEach
  void grant() {
    inbox.attach(1024);
  }

  @Test
  void fragmentsAreJoined() {
    arrives(Wire.DATA_MORE, "ab");
    assertThat(inbox.poll()).isNull();
    arrives(Wire.DATA_MORE, "");
    arrives(0, "cd");
    arrives(0, "e");
    assertThat(inbox.poll()).isEqualTo("abcd".getBytes(UTF_8));
    assertThat(inbox.poll()).isEqualTo("e".getBytes(UTF_8));
    assertThat(inbox.poll()).isNull();
  }

  @Test
  void anEmptyFrameIsAnEmptyMessage() {
    arrives(0, "");
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void besideEndMoreIsIgnored() {
    arrives(Wire.DATA_MORE | Wire.DATA_END, "x");
    assertThat(inbox.poll()).isEqualTo("x".getBytes(UTF_8));
  }

  @Test
  void aMessageOverTheMostIsNotJoined() {
    arrives(Wire.DATA_MORE, "123456");
    arrives(0, "7890");
    assertThat(inbox.poll()).hasSize(10);
    arrives(Wire.DATA_MORE, "123456");
    arrives(0, "78901");
    assertThat(inbox.poll()).isNull();
    assertThat(inbox.tooLarge()).isTrue();
  }

  @Test
  void whatNobodyTookIsNotGrantedAgain() {
    arrives(0, "1234567890".repeat(9));
    assertThat(inbox.takeGrant()).isZero();
  }

  @Test
  void aLostConnectionKeepsWholeMessagesAndDropsTheBeginningOfOne() {
    arrives(Wire.DATA_MORE, "a");
    arrives(0, "b");
    arrives(0, "c");
    arrives(Wire.DATA_MORE, "d");
    arrives(Wire.DATA_MORE, "e");
    assertThat(inbox.cut()).isTrue();
    inbox.attach(1024);
    arrives(0, "f");
    assertThat(inbox.poll()).isEqualTo("ab".getBytes(UTF_8));
    assertThat(inbox.poll()).isEqualTo("c".getBytes(UTF_8));
    assertThat(inbox.poll()).isEqualTo("f".getBytes(UTF_8));
    assertThat(inbox.cut()).isFalse();
  }

  @Test
  void aBeginningThatWasJoinedAlreadyIsDroppedToo() {
    arrives(Wire.DATA_MORE, "a");
    assertThat(inbox.poll()).isNull();
    assertThat(inbox.cut()).isTrue();
    arrives(0, "b");
    assertThat(inbox.poll()).isEqualTo("b".getBytes(UTF_8));
  }

  @Test
  void whatCameOnALostConnectionIsNotGrantedOnTheNext() {
    Inbox large = new Inbox(10_000);
    large.attach(1024);
    assertThat(large.arrived(Frame.Data.of(1, 0, new byte[900]))).isTrue();
    large.attach(1024);
    assertThat(large.poll()).hasSize(900);
    assertThat(large.takeGrant()).isZero();
    assertThat(large.arrived(Frame.Data.of(1, 0, new byte[960]))).isTrue();
    assertThat(large.poll()).hasSize(960);
    assertThat(large.takeGrant()).isEqualTo(1024);
  }

  private void arrives(int flags, String text) {
    assertThat(inbox.arrived(Frame.Data.of(1, flags, text.getBytes(UTF_8)))).isTrue();
  }
}
