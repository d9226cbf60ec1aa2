package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels and their credit: what a node keeps to, and what it sees of a server that does not. */
@Timeout(60)
class ChannelFaultTest {
  private static final Duration SHORT = Duration.ofMillis(150);

  private Verdict verdict;

  @Test
  void aRefusedChannelFailsTheRun() throws IOException {
    FakeBus bus =
        new FakeBus(FakeBus.Delivery.HONEST)
            .welcoming(end ->
                end.tell(
                    new Frame.Fault(
                        ErrorCode.NO_ROUTE.code(), Frame.Scope.CHANNEL, end.channel(), 0, "")));
    Measured measured = measured(bus, Scenarios.echo(0, 1).nodes(2));

    assertThat(measured.channels().losses()).isEqualTo(Map.of("refused: ERROR NO_ROUTE", 2L));
    assertThat(verdict.failures())
        .containsExactly(
            "2 channels were lost: refused: ERROR NO_ROUTE", "no message was measured");
  }

  @Test
  void aChannelThatIsNeverAnsweredFailsInTime() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST).welcoming(_ -> {});
    Measured measured =
        measured(bus, Scenarios.echo(0, 1).nodes(2).connectTimeout(Duration.ofSeconds(2)));

    assertThat(measured.nodes().connected()).isEqualTo(2);
    assertThat(measured.channels().losses()).isEqualTo(Map.of("refused: no answer", 2L));
  }

  @Test
  void aChannelThatTheServerClosesFailsTheRun() throws IOException {
    FakeBus bus =
        new FakeBus((to, payload, number) -> {
          to.send(0, payload);
          if (number == 5) {
            to.tell(new Frame.ChannelClose(to.channel(), ErrorCode.REFUSED.code()));
          }
        });
    Measured measured = measured(bus, Scenarios.echo(0, 1).nodes(2), () -> bus.took(2, 6));

    assertThat(measured.channels().losses()).isEqualTo(Map.of("closed: REFUSED", 2L));
    assertThat(measured.messages().counts().received()).isEqualTo(12);
    // Those that were under way by then may be lost, too.
    assertThat(verdict.failures()).first().isEqualTo("2 channels were lost: closed: REFUSED");
  }

  @Test
  void nothingIsSentBeyondTheCredit() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST);
    long inCreditAtFirst = 4096 / Credit.cost(100);
    Measured measured =
        measured(bus, Scenarios.echo(0, 1_000).nodes(2), () -> bus.took(2, 2 * inCreditAtFirst));

    assertThat(bus.violations).isEmpty();
    MessageCounts counts = measured.messages().counts();
    assertThat(counts.creditStalls()).isPositive();
    assertThat(counts.received()).isEqualTo(counts.sent()).isGreaterThan(2 * inCreditAtFirst);
    assertThat(verdict.failures()).isEmpty();
  }

  @Test
  void messagesLargerThanAFrameAndTheCreditGoInFragments() throws IOException {
    FakeBus bus = new FakeBus((_, _, _) -> {});
    Traffic large =
        new Traffic(
            20_000,
            new Traffic.Echo(1, 2, 0),
            Traffic.Fanout.NONE,
            Traffic.Stuck.NONE,
            Duration.ofMillis(50));
    Measured measured =
        measured(bus, Scenarios.echo(0, 1).nodes(1).traffic(large), () -> bus.took(1, 2));

    // It would have ended the connection over a frame that is too large.
    assertThat(measured.nodes().lost()).isZero();
    assertThat(bus.violations).isEmpty();
    assertThat(measured.messages().counts().sent()).isEqualTo(2);
  }

  @Test
  void whatWasTakenIsGrantedAgainAndTheFirstGrantLastsForTheWindow() throws IOException {
    int window = 2_000;
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST);
    Measured measured =
        measured(bus, Scenarios.echo(0, window).nodes(1), () -> bus.took(1, 2L * window));

    long initial =
        bus.heard.stream()
            .mapToLong(frame -> frame instanceof Frame.ChannelOpen open ? open.initialCredit() : 0)
            .sum();
    long granted =
        bus.heard.stream()
            .mapToLong(frame -> frame instanceof Frame.Credit(var _, var delta) ? delta : 0)
            .sum();
    long cost = Credit.cost(100);
    assertThat(initial).isEqualTo(2L * window * cost);
    long taken = measured.messages().counts().received() * cost;
    assertThat(granted).isBetween(taken - initial / 2, taken);
  }

  @Test
  void whatIsDueAndGetsNoCreditIsUnsent() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST).granting(1_024);
    Traffic.Echo hundredPerSecond = new Traffic.Echo(1, 1, 100);
    Measured measured =
        measured(
            bus,
            Scenarios.echo(0, 1)
                .nodes(1)
                .traffic(Scenarios.traffic(100, hundredPerSecond, Traffic.Fanout.NONE)));

    MessageCounts counts = measured.messages().counts();
    assertThat(counts.sent()).as("what 1,024 bytes are enough for").isEqualTo(6);
    assertThat(counts.unsent()).isGreaterThanOrEqualTo(9);
    assertThat(counts.creditStalls()).isEqualTo(1);
    assertThat(verdict.failures())
        .containsExactly(
            "echo: " + counts.unsent() + " messages were due and never left, for want of credit");
  }

  @Test
  void channelsThatNobodyReadsFromAreFilledAndHurtNobody() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST);
    Measured measured = measured(bus, stuck("hold"), () -> bus.took(2 * 4, 1));

    assertThat(measured.channels().opened()).isEqualTo(2 * 4);
    assertThat(measured.channels().stuck()).isEqualTo(2 * 3);
    assertThat(bus.violations).isEmpty();
    assertThat(measured.messages().counts().received()).isPositive();
    assertThat(verdict.failures()).isEmpty();
  }

  @Test
  void channelsThatSomebodyReadsFromAreNotStuck() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST);
    // So many that each channel has more credit than at first.
    Measured measured = measured(bus, stuck("discard"), () -> bus.took(2 * 4, 20));

    assertThat(measured.channels().stuck()).isZero();
    assertThat(verdict.failures())
        .containsExactly("0 of 6 channels were stuck that should have been");
  }

  private static Scenarios stuck(String route) {
    return Scenarios.echo(0, 1)
        .nodes(2)
        .traffic(
            new Traffic(
                100,
                new Traffic.Echo(1, 1, 0),
                Traffic.Fanout.NONE,
                new Traffic.Stuck(3, route),
                Duration.ofSeconds(1)));
  }

  /** What a run comes to that is over soon, whatever happens in it. */
  private Measured measured(FakeBus bus, Scenarios scenarios) throws IOException {
    try (FakeServer server = FakeServer.playing(bus)) {
      Measured measured = scenarios.port(server.port()).lasting(SHORT).run();
      verdict = Verdict.judge(scenarios.scenario(), measured);
      return measured;
    }
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
