package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.node.Cause;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every end has a reason, and it is the same one from both sides. */
class CloseReasonTest {
  /** What ends a connection in the future of this protocol, or on the other side only. */
  private static final Set<ErrorCode> NEVER_SENT =
      EnumSet.of(ErrorCode.NODE_ID_IN_USE, ErrorCode.RESUME_REJECTED);

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void aFatalErrorIsCountedUnderItsOwnName(ErrorCode error) {
    int errorClass = error.code() >> 8;
    if ((errorClass == 1 || errorClass == 2) && !NEVER_SENT.contains(error)) {
      assertThat(CloseReason.of(error).name()).isEqualTo(error.name());
      assertThat(CloseReason.of(error).error()).isEqualTo(error);
    } else {
      assertThat(CloseReason.of(error)).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void theReasonOfACauseLeadsBackToThatCause(Cause cause) {
    Cause expected = cause == Cause.SERVER_LOST ? Cause.DISCONNECTED : cause;
    assertThat(CloseReason.of(cause).cause()).isEqualTo(expected);
  }
}
