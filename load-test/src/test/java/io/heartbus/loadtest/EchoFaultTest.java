package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Echoes against a server that makes one mistake at a time, and one that makes none. */
@Timeout(60)
class EchoFaultTest {
  /** Which message goes wrong; the window lets enough follow it. */
  private static final int WRONG = 5;

  /** So many messages of every channel are enough. */
  private static final int ENOUGH = 2 * WRONG;

  private Verdict verdict;

  @Test
  void anHonestServerPasses() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST);
    MessageCounts counts = run(bus);

    assertThat(counts.received()).isEqualTo(counts.sent()).isEqualTo(counts.expected());
    assertThat(counts.sent()).isGreaterThanOrEqualTo(2 * ENOUGH);
    assertThat(counts.latencies().p99Ms()).isPositive();
    assertThat(counts.receivedPerSecond()).isPositive();
    assertThat(verdict.failures()).isEmpty();
    assertThat(bus.violations).isEmpty();
  }

  @Test
  void aLostMessageIsSeen() throws IOException {
    MessageCounts counts =
        run((to, payload, number) -> {
          if (number != WRONG) {
            to.send(0, payload);
          }
        });

    assertThat(counts.lost()).isEqualTo(2);
    assertThat(counts.received()).isEqualTo(counts.sent() - 2);
    assertThat(verdict.failures()).containsExactly("echo: 2 messages were lost");
  }

  @Test
  void aCopyIsSeen() throws IOException {
    MessageCounts counts =
        run((to, payload, number) -> {
          to.send(0, payload);
          if (number == WRONG) {
            to.send(0, payload);
          }
        });

    assertThat(counts.duplicated()).isEqualTo(2);
    assertThat(counts.received()).isEqualTo(counts.sent());
    assertThat(verdict.failures()).containsExactly("echo: 2 messages came twice");
  }

  @Test
  void aWrongOrderIsSeen() throws IOException {
    byte[][] held = new byte[1][];
    FakeBus bus =
        new FakeBus((to, payload, number) -> {
          if (number == WRONG) {
            held[0] = payload;
          } else {
            to.send(0, payload);
          }
          if (number == WRONG + 1) {
            to.send(0, held[0]);
          }
        });
    MessageCounts counts =
        measured(bus, Scenarios.echo(0, 4).nodes(1), () -> bus.took(1, ENOUGH)).messages().counts();

    assertThat(counts.reordered()).isEqualTo(1);
    assertThat(counts.received()).isEqualTo(counts.sent());
    assertThat(verdict.failures()).containsExactly("echo: 1 messages came out of order");
  }

  @Test
  void aChangedByteIsSeen() throws IOException {
    MessageCounts counts =
        run((to, payload, number) -> {
          byte[] bytes = payload.clone();
          bytes[bytes.length - 1] ^= number == WRONG ? (byte) 1 : 0;
          to.send(0, bytes);
        });

    assertThat(counts.corrupted()).isEqualTo(2);
    assertThat(counts.lost()).isZero();
    assertThat(verdict.failures()).containsExactly("echo: 2 messages were corrupted");
  }

  @Test
  void aMissingEndIsSeen() throws IOException {
    MessageCounts counts =
        run((to, payload, number) ->
            to.send(0, number == WRONG ? Arrays.copyOf(payload, 50) : payload));

    assertThat(counts.corrupted()).isEqualTo(2);
  }

  @Test
  void aMessageOfAnotherNodeIsSeen() throws IOException {
    byte[][] stolen = new byte[1][];
    AtomicBoolean given = new AtomicBoolean();
    Scenarios scenarios = Scenarios.echo(0, 4).nodes(1);
    Traffic.Echo two = new Traffic.Echo(2, 4, 0);
    FakeBus bus =
        new FakeBus((to, payload, number) -> {
          if (to.channel() == 3 && number == WRONG) {
            stolen[0] = payload;
          }
          to.send(0, payload);
          if (to.channel() == 5 && stolen[0] != null) {
            to.send(0, stolen[0]);
            stolen[0] = null;
            given.set(true);
          }
        });
    MessageCounts counts =
        measured(
                bus,
                scenarios.traffic(Scenarios.traffic(100, two, Traffic.Fanout.NONE)),
                given::get)
            .messages()
            .counts();

    assertThat(counts.corrupted()).isEqualTo(1);
    assertThat(counts.received()).isEqualTo(counts.sent());
  }

  @Test
  void whatIsSaidToBeDroppedButCameIsSeen() throws IOException {
    MessageCounts counts =
        run((to, payload, number) -> {
          to.send(0, payload);
          if (number == WRONG) {
            dropped(to, "3");
          }
        });

    assertThat(counts.miscounted()).isEqualTo(6);
    assertThat(verdict.failures())
        .containsExactly(
            "echo: 6 messages came although the server said that it dropped them",
            "echo: 6 messages were dropped");
  }

  @Test
  void anEchoMayNotBeDroppedEvenIfTold() throws IOException {
    MessageCounts counts =
        run((to, payload, number) -> {
          if (number == WRONG) {
            dropped(to, "1");
          } else {
            to.send(0, payload);
          }
        });

    assertThat(counts.lost()).isZero();
    assertThat(counts.dropped()).isEqualTo(2);
    assertThat(verdict.failures()).containsExactly("echo: 2 messages were dropped");
  }

  @Test
  void fragmentsAreJoined() throws IOException {
    MessageCounts counts =
        run((to, payload, number) -> {
          to.send(Wire.DATA_MORE, Arrays.copyOf(payload, 30));
          to.send(Wire.DATA_MORE, new byte[0]);
          to.send(0, Arrays.copyOfRange(payload, 30, payload.length));
        });

    assertThat(counts.received()).isEqualTo(counts.sent()).isPositive();
    assertThat(verdict.failures()).isEmpty();
  }

  @Test
  void aNodeThatIsLostTakesItsMessagesWithIt() throws IOException {
    Measured measured =
        measured(
            new FakeBus((to, payload, number) -> {
              if (number == WRONG) {
                to.tell(new Frame.Fault(ErrorCode.KICKED.code(), Frame.Scope.CONNECTION, 0, 0, ""));
              }
              if (number < WRONG) {
                to.send(0, payload);
              }
            }),
            Scenarios.echo(0, 4).nodes(2),
            () -> false);

    assertThat(measured.nodes().lost()).isEqualTo(2);
    MessageCounts counts = measured.messages().counts();
    assertThat(counts.lost()).isPositive().isEqualTo(counts.sent() - counts.received());
    assertThat(verdict.passed()).isFalse();
  }

  private static void dropped(FakeBus.End to, String count) throws IOException {
    to.tell(
        new Frame.Fault(ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, to.channel(), 0, count));
  }

  /** Two nodes that meet the same. */
  private MessageCounts run(FakeBus.Delivery delivery) throws IOException {
    return run(new FakeBus(delivery));
  }

  private MessageCounts run(FakeBus bus) throws IOException {
    return measured(bus, Scenarios.echo(0, 4).nodes(2), () -> bus.took(2, ENOUGH))
        .messages()
        .counts();
  }

  private Measured measured(FakeBus bus, Scenarios scenarios, BooleanSupplier enough)
      throws IOException {
    try (FakeServer server = FakeServer.playing(bus)) {
      Measured measured = scenarios.port(server.port()).run(enough);
      verdict = Verdict.judge(scenarios.scenario(), measured);
      return measured;
    }
  }
}
