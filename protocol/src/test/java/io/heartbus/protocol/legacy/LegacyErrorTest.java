package io.heartbus.protocol.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegacyErrorTest {
  @Test
  void theCodesAreThoseOfThePhpFleet() {
    assertThat(Arrays.stream(LegacyError.values()).map(LegacyError::code))
        .containsExactly(400, 401, 408, 409, 413, 429, 500, 503);
  }

  @ParameterizedTest
  @CsvSource({
    "PROTOCOL_ERROR, 400",
    "ALREADY_REGISTERED, 400",
    "UNKNOWN_TYPE, 400",
    "NODE_ID_INVALID, 400",
    "AUTH_FAILED, 401",
    "KICKED, 401",
    "REGISTER_TIMEOUT, 408",
    "HEARTBEAT_TIMEOUT, 408",
    "FRAME_TIMEOUT, 408",
    "SESSION_TAKEN_OVER, 409",
    "NODE_ID_IN_USE, 409",
    "FRAME_TOO_LARGE, 413",
    "TOO_LARGE, 413",
    "FLOOD, 429",
    "FLAP_SUPPRESSED, 429",
    "DROPPED, 429",
    "INTERNAL, 500",
    "SERVER_BUSY, 503",
    "DRAINING, 503",
  })
  void anErrorHasItsNumber(ErrorCode error, int code) {
    assertThat(LegacyError.of(error).code()).isEqualTo(code);
  }

  @Test
  void everyErrorHasOneAndShutdownIsAlwaysUnavailable() {
    for (ErrorCode error : ErrorCode.values()) {
      assertThat(LegacyError.of(error)).isNotNull();
      if (error.code() >> 8 == 4) {
        assertThat(LegacyError.of(error)).isEqualTo(LegacyError.UNAVAILABLE);
      }
    }
  }
}
