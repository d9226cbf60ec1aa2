package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerPoolTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final ServerAddress A = new ServerAddress("a", 1);
  private static final ServerAddress B = new ServerAddress("b", 2);
  private static final ServerAddress C = new ServerAddress("c", 3);
  private final IOException gone = new IOException("gone");

  private final Random random = new Random(11);
  // Near the end of the range, so that sums wrap.
  private final long nowNanos = Long.MAX_VALUE - SECOND;
  private final ServerPool pool = pool();

  @Test
  void theFirstServerComesFirst() {
    assertThat(pool.next(nowNanos)).isEqualTo(new ServerPool.Turn(A, 0));
    assertThat(pool.next(nowNanos)).isEqualTo(new ServerPool.Turn(A, 0));
  }

  @Test
  void afterAFailureTheOthersComeInRandomOrderAndAtOnce() {
    Set<ServerAddress> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      ServerPool fresh = pool();
      fresh.failed(A, gone, nowNanos);
      ServerPool.Turn turn = fresh.next(nowNanos);
      assertThat(turn.waitNanos()).isZero();
      assertThat(turn.server()).isNotEqualTo(A);
      seen.add(turn.server());
    }
    assertThat(seen).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void untilASessionEveryServerHasOneTryHoweverLongTheOthersTake() {
    for (int i = 0; i < 50; i++) {
      ServerPool fresh = pool();
      List<ServerAddress> tried = new ArrayList<>();
      // By then whatever the first failure postponed is due again.
      for (long at = nowNanos; !fresh.allTried(); at += 60 * SECOND) {
        ServerAddress server = fresh.next(at).server();
        tried.add(server);
        fresh.failed(server, gone, at);
      }
      assertThat(tried).startsWith(A).containsExactlyInAnyOrder(A, B, C);
    }
  }

  @Test
  void afterASessionEveryServerThatIsDueMayBeTried() {
    Set<ServerAddress> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      pool.sessionLost(A, gone, true, nowNanos);
      seen.add(pool.next(nowNanos + 60 * SECOND).server());
    }
    assertThat(seen).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void whenAllHaveFailedItWaitsForTheOneThatIsDueFirst() {
    pool.failed(A, rejected(ErrorCode.SERVER_BUSY, 9), nowNanos);
    pool.failed(B, rejected(ErrorCode.SERVER_BUSY, 2), nowNanos);
    pool.failed(C, rejected(ErrorCode.SERVER_BUSY, 5), nowNanos);
    ServerPool.Turn turn = pool.next(nowNanos);
    assertThat(turn.server()).isEqualTo(B);
    assertThat(turn.waitNanos()).isBetween(2 * SECOND, 3 * SECOND);
    assertThat(pool.next(nowNanos + 3 * SECOND)).isEqualTo(new ServerPool.Turn(B, 0));
  }

  @Test
  void aRefusalThatConcernsTheNodeHoldsForEveryServer() {
    pool.failed(A, rejected(ErrorCode.AUTH_FAILED, 0), nowNanos);
    assertThat(pool.next(nowNanos).waitNanos()).isGreaterThanOrEqualTo(30 * SECOND);
  }

  @Test
  void aLostSessionMakesEveryServerWait() {
    boolean waited = false;
    for (int i = 0; i < 20; i++) {
      pool.sessionLost(A, gone, true, nowNanos);
      long waitNanos = pool.next(nowNanos).waitNanos();
      assertThat(waitNanos).isLessThanOrEqualTo(SECOND);
      waited |= waitNanos > 0;
    }
    assertThat(waited).isTrue();
  }

  @Test
  void sessionsThatDoNotLastBackOffLikeFailures() {
    long most = 0;
    for (int i = 0; i < 10; i++) {
      pool.sessionLost(A, gone, false, nowNanos);
    }
    for (int i = 0; i < 50; i++) {
      pool.sessionLost(A, gone, false, nowNanos);
      most = Math.max(most, pool.next(nowNanos).waitNanos());
    }
    assertThat(most).isBetween(15 * SECOND, 30 * SECOND);
  }

  @Test
  void aTakenOverNodeStaysAway() {
    pool.sessionLost(A, rejected(ErrorCode.SESSION_TAKEN_OVER, 0), true, nowNanos);
    assertThat(pool.next(nowNanos).waitNanos()).isGreaterThanOrEqualTo(30 * SECOND);
  }

  @Test
  void aGoodbyeNamesTheMomentAndThePlace() {
    ServerAddress elsewhere = new ServerAddress("elsewhere", 9);
    pool.sentAway(nowNanos + 5 * SECOND, elsewhere, nowNanos);
    assertThat(pool.next(nowNanos)).isEqualTo(new ServerPool.Turn(elsewhere, 5 * SECOND));
    assertThat(pool.next(nowNanos + 5 * SECOND)).isEqualTo(new ServerPool.Turn(elsewhere, 0));
    pool.failed(elsewhere, gone, nowNanos + 5 * SECOND);
    assertThat(pool.next(nowNanos + 5 * SECOND).server()).isIn(A, B, C);
  }

  /** One that knows three servers and has tried none. */
  private ServerPool pool() {
    RetryRule rule = new RetryRule(ReconnectOptions.defaults(), random);
    return new ServerPool(List.of(A, B, C), rule, random, nowNanos);
  }

  private static RejectedException rejected(ErrorCode code, int retryAfterSeconds) {
    return new RejectedException(code.code(), Duration.ofSeconds(retryAfterSeconds), "");
  }
}
