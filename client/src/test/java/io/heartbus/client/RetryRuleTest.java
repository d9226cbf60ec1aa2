package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRuleTest {
  private static final ReconnectOptions OPTIONS = ReconnectOptions.defaults();

  private final RetryRule rule = new RetryRule(OPTIONS, new Random(3));

  @Test
  void aBrokenConnectionBacksOff() {
    for (int i = 0; i < 1000; i++) {
      assertThat(rule.delay(new IOException("gone"), 1)).isBetween(Duration.ZERO, seconds(1));
      assertThat(rule.delay(new IOException("gone"), 9)).isBetween(Duration.ZERO, seconds(30));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {
        "SESSION_TAKEN_OVER",
        "NODE_ID_IN_USE",
        "KICKED",
        "FLAP_SUPPRESSED",
        "AUTH_FAILED",
        "NODE_ID_INVALID",
        "UNSUPPORTED_VERSION",
        "SERVER_BUSY"
      })
  void aRefusalOfTheRegistrationClassWaitsAtLeastThirtySeconds(ErrorCode code) {
    for (int i = 0; i < 100; i++) {
      assertThat(rule.delay(rejected(code, 0), 1)).isGreaterThanOrEqualTo(seconds(30));
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void whatTheServerAsksForIsHonoured(ErrorCode code) {
    assertThat(rule.delay(rejected(code, 7_000), 5)).isBetween(seconds(7), seconds(8));
  }

  @Test
  void aRetryAfterOfWeeksIsNot() {
    assertThat(rule.delay(rejected(ErrorCode.DRAINING, 0xFFFF_FFFFL), 1))
        .isBetween(seconds(3600), seconds(3601));
  }

  @ParameterizedTest
  @CsvSource({"1, 30", "2, 60", "3, 120", "5, 480", "6, 600", "100, 600"})
  void whatOnlyAPersonCanMendIsTriedLessAndLess(int failures, int waitSeconds) {
    assertThat(rule.delay(rejected(ErrorCode.AUTH_FAILED, 0), failures))
        .isBetween(seconds(waitSeconds), seconds(waitSeconds + 1));
  }

  @Test
  void anUnknownCodeActsAsItsClass() {
    IOException unknown = new RejectedException(0x02FF, Duration.ZERO, "new");
    assertThat(rule.delay(unknown, 1)).isGreaterThanOrEqualTo(seconds(30));
    assertThat(RetryRule.concernsNode(unknown)).isFalse();
  }

  @Test
  void anErrorOfTheConnectionBacksOff() {
    assertThat(rule.delay(rejected(ErrorCode.HEARTBEAT_TIMEOUT, 0), 1))
        .isLessThanOrEqualTo(seconds(1));
  }

  @Test
  void aGoodbyeSpreadsTheReturnOverItsJitter() {
    Duration least = seconds(9999);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 1000; i++) {
      Duration wait = rule.afterGoAway(1_000, 10_000);
      least = wait.compareTo(least) < 0 ? wait : least;
      most = wait.compareTo(most) > 0 ? wait : most;
    }
    assertThat(least).isBetween(seconds(1), Duration.ofMillis(1_500));
    assertThat(most).isBetween(Duration.ofMillis(10_500), seconds(11));
  }

  @Test
  void onlySomeRefusalsWouldBeTheSameAtAnotherServer() {
    assertThat(RetryRule.concernsNode(rejected(ErrorCode.AUTH_FAILED, 0))).isTrue();
    assertThat(RetryRule.concernsNode(rejected(ErrorCode.SESSION_TAKEN_OVER, 0))).isTrue();
    assertThat(RetryRule.concernsNode(rejected(ErrorCode.SERVER_BUSY, 0))).isFalse();
    assertThat(RetryRule.concernsNode(rejected(ErrorCode.REGISTER_TIMEOUT, 0))).isFalse();
    assertThat(RetryRule.concernsNode(rejected(ErrorCode.DRAINING, 0))).isFalse();
    assertThat(RetryRule.concernsNode(new IOException("refused"))).isFalse();
  }

  private static RejectedException rejected(ErrorCode code, long retryAfterMs) {
    return new RejectedException(code.code(), Duration.ofMillis(retryAfterMs), "");
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
