package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CreditTest {
  @Test
  void aFrameCostsItsPayloadAndSixtyFour() {
    SendCredit credit = new SendCredit(1024);
    assertThat(credit.payloadNow(5000, 16_384)).isEqualTo(960);
    credit.spend(960, false);
    assertThat(credit.held()).isZero();
    assertThat(credit.payloadNow(1, 16_384)).isEqualTo(-1);
    assertThat(credit.payloadNow(0, 16_384)).isEqualTo(-1);
  }

  @Test
  void anEmptyFrameNeedsSixtyFourAndOneByteMore() {
    SendCredit credit = new SendCredit(64);
    assertThat(credit.payloadNow(0, 100)).isZero();
    assertThat(credit.payloadNow(1, 100)).isEqualTo(-1);
    assertThatThrownBy(() -> credit.spend(1, true)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aGrantOfNothingOrOverTheMostBreaksSpec() {
    SendCredit credit = new SendCredit(1024);
    assertThat(credit.granted(0)).isFalse();
    assertThat(credit.granted(Wire.CREDIT_MAX - 1024)).isTrue();
    assertThat(credit.granted(1)).isFalse();
    assertThat(credit.held()).isEqualTo(Wire.CREDIT_MAX);
  }

  @Test
  void acceptMayAddNothingButNotTakeAway() {
    SendCredit credit = new SendCredit(1024);
    assertThat(credit.enlarged(0)).isTrue();
    assertThat(credit.enlarged(-1)).isFalse();
  }

  @Test
  void messagesAreConfirmedWhenTheirLastByteWasTaken() {
    SendCredit credit = new SendCredit(4096);
    credit.spend(936, true);
    credit.spend(436, false);
    credit.spend(436, true);
    assertThat(credit.messagesUnconfirmed()).isEqualTo(2);
    credit.granted(999);
    assertThat(credit.messagesUnconfirmed()).isEqualTo(2);
    credit.granted(1);
    assertThat(credit.messagesUnconfirmed()).isEqualTo(1);
    credit.granted(1000);
    assertThat(credit.messagesUnconfirmed()).isZero();
  }

  @Test
  void whatIsRememberedIsBoundedAndStaysAnUpperBound() {
    SendCredit credit = new SendCredit(Wire.CREDIT_MAX);
    for (int i = 0; i < 100_000; i++) {
      credit.spend(0, true);
    }
    assertThat(credit.messagesUnconfirmed()).isEqualTo(100_000);
    credit = new SendCredit(64 * 5000);
    for (int i = 0; i < 5000; i++) {
      credit.spend(0, true);
    }
    credit.granted(64 * 4999);
    assertThat(credit.messagesUnconfirmed()).isGreaterThanOrEqualTo(1);
    credit.granted(64);
    assertThat(credit.messagesUnconfirmed()).isZero();
  }

  @Test
  void theReceiverGrantsAgainWhatItTookOnceThatIsHalf() {
    ReceiveCredit credit = new ReceiveCredit(1000);
    assertThat(credit.arrived(1000)).isTrue();
    assertThat(credit.arrived(1)).isFalse();
    assertThat(credit.taken(499)).isZero();
    assertThat(credit.taken(1)).isEqualTo(500);
    assertThat(credit.taken(500)).isEqualTo(500);
    assertThat(credit.arrived(1000)).isTrue();
  }

  @Test
  void aSideThatOnlySendsGrantsNothing() {
    ReceiveCredit credit = new ReceiveCredit(0);
    assertThat(credit.arrived(64)).isFalse();
  }

  @Test
  void anyMessagesPassThroughAnyWindow() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      Pipe pipe = new Pipe(random, seed);
      List<byte[]> messages = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        byte[] message = new byte[random.nextInt(random.nextBoolean() ? 70 : 20_000)];
        random.nextBytes(message);
        messages.add(message);
      }
      List<byte[]> received = pipe.pass(messages);
      for (int i = 0; i < messages.size(); i++) {
        assertThat(received.get(i)).as("seed %d message %d", seed, i).isEqualTo(messages.get(i));
      }
    }
  }

  /** Both halves against each other: nothing is lost, exceeds the window, or sticks. */
  private static final class Pipe {
    private final Random random;
    private final long seed;
    private final int window;
    private final SendCredit sender;
    private final Inbox inbox = new Inbox(1 << 20);

    Pipe(Random random, long seed) {
      this.random = random;
      this.seed = seed;
      this.window = 1024 + random.nextInt(5000);
      this.sender = new SendCredit(window);
      inbox.attach(window);
    }

    List<byte[]> pass(List<byte[]> messages) {
      List<byte[]> received = new ArrayList<>();
      for (byte[] message : messages) {
        int offset = 0;
        boolean left = false;
        while (!left) {
          int size = sender.payloadNow(message.length - offset, 1 + random.nextInt(5000));
          if (size >= 0) {
            left = offset + size == message.length;
            leave(Arrays.copyOfRange(message, offset, offset + size), left);
            offset += size;
          }
          if (size < 0 || random.nextInt(3) == 0) {
            take(received);
          }
        }
      }
      while (received.size() < messages.size()) {
        take(received);
      }
      return received;
    }

    private void leave(byte[] part, boolean completes) {
      sender.spend(part.length, completes);
      Frame.Data data = Frame.Data.of(1, completes ? 0 : Wire.DATA_MORE, part);
      assertThat(inbox.arrived(data)).as("seed %d", seed).isTrue();
    }

    private void take(List<byte[]> received) {
      byte[] message = inbox.poll();
      if (message != null) {
        received.add(message);
      }
      long grant = inbox.takeGrant();
      if (grant > 0) {
        assertThat(sender.granted(grant)).isTrue();
        assertThat(sender.held()).as("seed %d", seed).isLessThanOrEqualTo(window);
      }
    }
  }
}
