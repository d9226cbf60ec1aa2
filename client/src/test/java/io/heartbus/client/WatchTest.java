package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WatchTest extends Watched {
  /** The first channel that a client opens. */
  private static final long FIRST = 3;

  private void refuses(long channel, ErrorCode code, String reason) throws Exception {
    peer.send(new Frame.Fault(code.code(), Frame.Scope.CHANNEL, channel, 0, reason));
  }

  @Test
  void eventsComeInOrderAndThePositionFollows() throws Exception {
    try (Watch watch = watching()) {
      assertThat(watch.position()).isEqualTo(new WatchPosition("e1", 0));
      says(FIRST, online(1), online(2));
      hears("1 online n1", "2 online n2");
      Await.until("handled", () -> watch.position().equals(new WatchPosition("e1", 2)));
      says(FIRST, place("e1", 5000));
      Await.until("passed over", () -> watch.position().seq() == 5000);
      assertThat(watch.isOpen()).isTrue();
    }
    assertThat(peer.expect(Frame.ChannelClose.class))
        .isEqualTo(new Frame.ChannelClose(FIRST, Channel.CANCELLED));
    hears("ended ");
  }

  @Test
  void aRefusalIsThrownByWhoeverBegins() throws Exception {
    Await.Running<Watch> begun =
        Await.start(() -> client.watch(WatchOptions.fromNow().withTypes("gone"), this));
    refuses(accepts("{'type':['gone']}"), ErrorCode.REFUSED, "no such type");
    assertThat(begun.failure())
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("channel presence: REFUSED no such type");
    Await.Running<Watch> again = Await.start(() -> client.watch(0, this));
    refuses(peer.expect(Frame.ChannelOpen.class).channel(), ErrorCode.NO_ROUTE, "old server");
    assertThat(again.failure()).isInstanceOf(ChannelClosedException.class);
    hearsNoMore();
  }

  @Test
  void whatIsMissingIsToldAtItsPlace() throws Exception {
    Await.Running<Watch> begun = Await.start(() -> client.watch(2, this));
    says(accepts("{'after':2}"), place("e1", 7, "{'from':3,'to':7}"), online(8));
    try (Watch _ = begun.get()) {
      hears("gap 3 7", "8 online n8");
      says(FIRST, place("e1", 20, "{'from':9,'to':20}"), online(21));
      hears("gap 9 20", "21 online n21");
    }
  }

  @Test
  void afterALostConnectionItGoesOnBehindTheLastEventThatWasHandled() throws Exception {
    try (Watch _ = watching()) {
      says(FIRST, online(1), online(2));
      hears("1 online n1", "2 online n2");
      client.ping(pong());
      reconnect();
      says(accepts("{'after':2,'epoch':'e1'}"), place("e1", 2), online(3));
      hears("3 online n3");
      // A handler that was told while the connection broke is not told again.
      CountDownLatch go = new CountDownLatch(1);
      more =
          event -> {
            if (event.seq() == 4) {
              go.await();
            }
          };
      says(FIRST, online(4));
      hears("4 online n4");
      reconnect();
      go.countDown();
      says(accepts("{'after':4,'epoch':'e1'}"), place("e1", 4), online(5));
      hears("5 online n5");
    }
  }

  @Test
  void whatHadArrivedWhenTheConnectionBrokeIsStillTold() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    more = _ -> go.await();
    try (Watch _ = watching()) {
      says(FIRST, online(1), online(2), online(3));
      client.ping(pong());
      reconnect();
      go.countDown();
      says(accepts("{'after':3,'epoch':'e1'}"), place("e1", 3));
      hears("1 online n1", "2 online n2", "3 online n3");
      hearsNoMore();
    }
  }

  @Test
  void anotherLogIsToldAndBeginsAnew() throws Exception {
    try (Watch watch = watching()) {
      says(FIRST, online(1), online(2));
      hears("1 online n1", "2 online n2");
      client.ping(pong());
      reconnect();
      long again = accepts("{'after':2,'epoch':'e1'}");
      says(again, place("e2", 0, "{'from':3,'to':null}"), place("e2", 4, "{'from':1,'to':4}"));
      says(again, online(5));
      hears("restarted e1 2", "gap 1 4", "5 online n5");
      Await.until("there", () -> watch.position().equals(new WatchPosition("e2", 5)));
    }
  }

  @Test
  void aPositionOfAnotherLogIsToldFromTheStart() throws Exception {
    WatchPosition kept = new WatchPosition("e0", 70);
    Await.Running<Watch> begun =
        Await.start(() -> client.watch(WatchOptions.after(kept).withPrefix("n"), this));
    says(
        accepts("{'after':70,'epoch':'e0','prefix':'n'}"),
        place("e1", 0, "{'from':71,'to':null}"),
        online(1));
    try (Watch _ = begun.get()) {
      hears("restarted e0 70", "1 online n1");
    }
  }

  @Test
  void aLogThatGoesOnUnderAnotherNameIsNoNews() throws Exception {
    try (Watch watch = watching()) {
      says(FIRST, online(1), place("e2", 1), online(2));
      hears("1 online n1", "2 online n2");
      Await.until("renamed", () -> watch.position().equals(new WatchPosition("e2", 2)));
    }
  }

  @Test
  void aServerThatWillNotGoOnEndsTheWatch() throws Exception {
    Watch watch = watching();
    reconnect();
    refuses(accepts("{'after':0,'epoch':'e1'}"), ErrorCode.REFUSED, "no more feeds");
    hears("ended channel presence: REFUSED no more feeds");
    Await.until("over", () -> !watch.isOpen());
  }

  @Test
  void whatMayPassIsTriedAgain() throws Exception {
    try (Watch _ = watching()) {
      reconnect();
      refuses(peer.expect(Frame.ChannelOpen.class).channel(), ErrorCode.REFUSED, "draining");
      long second = accepts("{'after':0,'epoch':'e1'}");
      refuses(second, ErrorCode.INTERNAL, "the handler failed");
      long third = accepts("{'after':0,'epoch':'e1'}");
      says(third, place("e1", 0), online(1));
      hears("1 online n1");
      peer.send(new Frame.ChannelClose(third, 0));
      assertThat(peer.expect(Frame.ChannelClose.class).code()).isEqualTo(Channel.CANCELLED);
      says(accepts("{'after':1,'epoch':'e1'}"), place("e1", 1), online(2));
      hears("2 online n2");
    }
  }

  @Test
  void aMessageThatIsNoneEndsTheWatch() throws Exception {
    Watch watch = watching();
    says(FIRST, "hello");
    Await.until("over", () -> !watch.isOpen());
    assertThat(watch.position()).isEqualTo(new WatchPosition("e1", 0));
  }

  @Test
  void aHandlerThatThrowsEndsTheWatchInFrontOfItsEvent() throws Exception {
    more =
        event -> {
          if (event.seq() == 2) {
            throw new IllegalStateException("the disk is full");
          }
        };
    Watch watch = watching();
    says(FIRST, online(1), online(2), online(3));
    hears("1 online n1", "2 online n2", "ended the disk is full");
    assertThat(watch.position()).isEqualTo(new WatchPosition("e1", 1));
    assertThat(peer.expect(Frame.ChannelClose.class).code()).isEqualTo(Channel.CANCELLED);
    hearsNoMore();
  }

  @Test
  void aHandlerThatBlocksGivesNoCredit() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    more = _ -> go.await();
    try (Watch _ = watching()) {
      String padding = "x".repeat(1000);
      for (int i = 1; i <= 50; i++) {
        says(FIRST, online(i).replace("}", ",'detail':'" + padding + "'}"));
      }
      client.ping(pong());
      go.countDown();
      assertThat(peer.expect(Frame.Credit.class).delta()).isGreaterThanOrEqualTo(32_768);
    }
  }

  @Test
  void closingInterruptsTheHandlerAndIsTheLastThatHappens() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    more =
        _ -> {
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
        };
    Watch watch = watching();
    says(FIRST, online(1), online(2));
    hears("1 online n1");
    watch.close();
    assertThat(interrupted.getCount()).isZero();
    assertThat(watch.isOpen()).isFalse();
    hears("ended ");
    hearsNoMore();
    watch.close();
  }

  @Test
  void aHandlerMayCloseItsOwnWatch() throws Exception {
    AtomicReference<Watch> own = new AtomicReference<>();
    more = _ -> own.get().close();
    Watch watch = watching();
    own.set(watch);
    says(FIRST, online(1), online(2));
    hears("1 online n1", "ended ");
    assertThat(watch.position().seq()).isEqualTo(1);
    hearsNoMore();
  }

  @Test
  void itEndsWithItsClient() throws Exception {
    Watch watch = watching();
    client.close();
    hears("ended ");
    Await.until("over", () -> !watch.isOpen());
    assertThatThrownBy(() -> client.watch(0, this)).isInstanceOf(ClientClosedException.class);
  }

  @Test
  void aServerThatLeavesIsNotKeptByAWatch() throws Exception {
    try (Watch _ = watching()) {
      says(FIRST, online(1));
      hears("1 online n1");
      peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), FIRST, 0, 0, 60_000, ""));
      Peer left = peer;
      peer = server.accept();
      peer.admit(Terms.STANDARD.withEpoch(2));
      left.close();
      says(accepts("{'after':1,'epoch':'e1'}"), place("e1", 1), online(2));
      hears("2 online n2");
    }
  }

  @Test
  void whoIsInterruptedWhileBeginningBeginsNothing() throws Exception {
    Await.Running<Watch> begun = Await.start(() -> client.watch(0, this));
    peer.expect(Frame.ChannelOpen.class);
    begun.untilBlocked().interrupt();
    assertThat(begun.failure()).isInstanceOf(InterruptedException.class);
    assertThat(peer.expect(Frame.ChannelClose.class).code()).isEqualTo(Channel.CANCELLED);
    assertThat(client.ping(pong())).isGreaterThan(Duration.ZERO);
    hearsNoMore();
  }
}
