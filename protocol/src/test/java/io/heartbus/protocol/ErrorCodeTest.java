package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
  @ParameterizedTest
  @EnumSource
  void aCodeOnTheWireIsTheSameErrorAgain(ErrorCode error) {
    assertThat(ErrorCode.of(error.code())).isSameAs(error);
    assertThat(error.code()).isBetween(0, 0xFFFF);
  }

  @ParameterizedTest
  @CsvSource({
    "0x01FF, PROTOCOL_ERROR",
    "0x02FF, SERVER_BUSY",
    "0x0200, SERVER_BUSY",
    "0x03FF, REFUSED",
    "0x04FF, DRAINING",
    "0x0001, PROTOCOL_ERROR",
    "0x0500, PROTOCOL_ERROR",
    "0x7FFF, PROTOCOL_ERROR",
    "0x8000, NORMAL",
    "0xFFFF, NORMAL",
  })
  void anUnknownCodeActsAsItsClass(String code, ErrorCode expected) {
    assertThat(ErrorCode.of(Integer.decode(code))).isEqualTo(expected);
  }

  @Test
  void onlyTheSecondClassIsAboutRegistration() {
    for (ErrorCode error : ErrorCode.values()) {
      assertThat(error.aboutRegistration()).isEqualTo((error.code() & 0xFF00) == 0x0200);
    }
  }

  @Test
  void aViolationSaysItsCodeAndCostsNoStackTrace() {
    ProtocolException e = new ProtocolException(ErrorCode.FRAME_SIZE, "1 bytes short");
    assertThat(e).hasMessage("FRAME_SIZE: 1 bytes short");
    assertThat(e.getStackTrace()).isEmpty();
  }
}
