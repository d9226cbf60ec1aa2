package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;

/** The words for an error code: its name in SPEC, or its number when SPEC lists none. */
final class CodeNames {
  private CodeNames() {}

  static String name(int code) {
    ErrorCode error = ErrorCode.of(code);
    return error.code() == code ? error.name() : String.format("0x%04X", code);
  }
}
