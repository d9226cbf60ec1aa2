package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Published messages against a server that makes one mistake at a time, and one that makes none.
 */
@Timeout(60)
class FanoutFaultTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int NODES = 5;
  private static final int WRONG = 5;

  private Verdict verdict;

  @Test
  void everyMemberGetsEveryMessage() throws IOException {
    Measured measured = run(0, FakeBus.Delivery.HONEST);

    MessageCounts counts = measured.messages().counts();
    assertThat(counts.sent()).isGreaterThanOrEqualTo(30);
    assertThat(counts.expected()).isEqualTo((NODES - 1) * counts.sent());
    assertThat(counts.received()).isEqualTo(counts.expected());
    assertThat(verdict.failures()).isEmpty();
  }

  @Test
  void topicsArePublishedToTheirOwnMembersOnly() throws IOException {
    Traffic.Fanout fanout = new Traffic.Fanout(3, 4, 0, 20, 2, 200);
    Scenarios scenarios =
        Scenarios.fanout(0, 8, 0, 1).traffic(Scenarios.traffic(100, Traffic.Echo.NONE, fanout));
    Measured measured = run(scenarios, FakeBus.Delivery.HONEST);

    MessageCounts counts = measured.messages().counts();
    assertThat(measured.channels().opened()).isEqualTo(7);
    assertThat(counts.expected()).as("two members each").isEqualTo(2 * counts.sent());
    assertThat(counts.received()).isEqualTo(counts.expected());
    assertThat(verdict.failures()).isEmpty();
  }

  @Test
  void aMessageOfAnotherTopicIsSeen() throws IOException {
    Traffic.Fanout fanout = new Traffic.Fanout(2, 2, 0, 20, 2, 200);
    Scenarios scenarios =
        Scenarios.fanout(0, 4, 0, 1).traffic(Scenarios.traffic(100, Traffic.Echo.NONE, fanout));
    byte[][] foreign = new byte[1][];
    FakeBus.Delivery mixingUp =
        (to, payload, number) -> {
          to.send(0, payload);
          if (to.name().endsWith("-0") && number == WRONG) {
            foreign[0] = payload;
          }
          if (to.name().endsWith("-1") && foreign[0] != null) {
            to.send(0, foreign[0]);
            foreign[0] = null;
          }
        };
    Measured measured = run(scenarios, mixingUp);

    assertThat(measured.messages().counts().corrupted()).isEqualTo(1);
    assertThat(verdict.failures()).containsExactly("topic: 1 messages were corrupted");
  }

  @Test
  void aLossThatNobodyToldOfIsSeen() throws IOException {
    Measured measured = run(0, losing(false));

    assertThat(measured.messages().counts().lost()).isEqualTo(NODES - 1);
    assertThat(verdict.failures()).containsExactly("topic: 4 messages were lost");
  }

  @Test
  void quickMembersMayNotBeLeftOutEvenIfTold() throws IOException {
    Measured measured = run(0, losing(true));

    assertThat(measured.messages().counts().lost()).isZero();
    assertThat(measured.messages().counts().dropped()).isEqualTo(NODES - 1);
    assertThat(verdict.failures()).containsExactly("topic: 4 messages were dropped");
  }

  @Test
  void slowMembersMayBeLeftOutIfTold() throws IOException {
    Measured measured = run(NODES - 1, losing(true));

    MessageCounts slow = measured.messages().flow(MessageBook.SLOW);
    assertThat(slow).isNotNull();
    assertThat(slow.dropped()).isEqualTo(NODES - 1);
    assertThat(slow.received()).isEqualTo(slow.expected() - (NODES - 1));
    // Nobody else is there to be measured.
    assertThat(verdict.failures()).containsExactly("no message was measured");
  }

  @Test
  void slowMembersMayNotBeLeftOutInSilence() throws IOException {
    run(NODES - 1, losing(false));

    assertThat(verdict.failures()).contains("slow members: 4 messages were lost");
  }

  @Test
  void aSlowMemberGivesBackItsCreditAsSlowlyAsItWasAsked() throws IOException {
    FakeBus bus = new FakeBus(FakeBus.Delivery.HONEST);
    Scenarios scenarios = Scenarios.fanout(0, 2, 1, 100);
    double seconds = run(scenarios, bus).messages().seconds();

    long cost = Credit.cost(100);
    assertThat(bus.heard)
        .filteredOn(frame -> frame instanceof Frame.ChannelOpen)
        .extracting(frame -> ((Frame.ChannelOpen) frame).initialCredit())
        .containsExactlyInAnyOrder(0L, (long) Wire.INITIAL_CREDIT_MIN);
    long helpings =
        bus.heard.stream()
            .filter(frame -> frame instanceof Frame.Credit(var _, var delta) && delta == cost)
            .count();
    // Twenty a second; the rest at the end, at once.
    assertThat(helpings).isBetween(2L, 2 + (long) (20 * seconds));
    assertThat(bus.heard)
        .anyMatch(frame -> frame instanceof Frame.Credit(var _, var delta) && delta > cost);
  }

  /** Leaves out one message to each member, and tells of it or not. */
  private static FakeBus.Delivery losing(boolean telling) {
    return (to, payload, number) -> {
      if (number != WRONG) {
        to.send(0, payload);
      } else if (telling) {
        to.tell(
            new Frame.Fault(ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, to.channel(), 0, "1"));
      }
    };
  }

  private Measured run(int slowMembers, FakeBus.Delivery delivery) throws IOException {
    return run(Scenarios.fanout(0, NODES, slowMembers, 100), delivery);
  }

  private Measured run(Scenarios scenarios, FakeBus.Delivery delivery) throws IOException {
    return run(scenarios, new FakeBus(delivery));
  }

  private Measured run(Scenarios scenarios, FakeBus bus) throws IOException {
    try (FakeServer server = FakeServer.playing(bus)) {
      scenarios.port(server.port()).lasting(SHORT);
      Measured measured = scenarios.run();
      verdict = Verdict.judge(scenarios.scenario(), measured);
      return measured;
    }
  }
}
