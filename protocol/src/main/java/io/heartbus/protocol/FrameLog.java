package io.heartbus.protocol;

/**
 * One line per frame, as {@code << HEARTBEAT_REQ seq=7}: arrows point the way the frame goes, seen
 * from whoever logs. Secrets and payloads stay out, text from the peer is escaped. The idea is
 * OkHttp's HTTP/2 frame log.
 */
public final class FrameLog {
  private FrameLog() {}

  /** The line for a frame that came in. */
  public static String received(Frame frame) {
    return "<< " + line(frame);
  }

  /** The line for a frame that went out. */
  public static String sent(Frame frame) {
    return ">> " + line(frame);
  }

  /**
   * Text of a peer with everything that could forge a log line or a terminal escape made visible.
   */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (isUnprintable(c)) {
            escaped.append(String.format("\\u%04X", c));
          } else {
            escaped.appendCodePoint(c);
          }
        });
    return escaped.toString();
  }

  private static boolean isUnprintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static String line(Frame frame) {
    return frame.type() + details(frame);
  }

  private static String details(Frame frame) {
    return switch (frame) {
      case Frame.HeartbeatRequest(var stats) -> stats == null ? "" : " seq=" + stats.seq();
      case Frame.HeartbeatResponse(var echo, var retune) ->
          (echo == null ? "" : " seq=" + echo.seq())
              + (retune == null ? "" : " interval=" + retune.intervalMs() + "ms")
              + (retune == null ? "" : " timeout=" + retune.timeoutMs() + "ms");
      case Frame.Data data ->
          " channel=" + data.channel() + flags(data) + " bytes=" + data.payload().length;
      case Frame.Ping(var opaque) -> opaque == null ? "" : " " + Long.toHexString(opaque);
      case Frame.Pong(var opaque) -> opaque == null ? "" : " " + Long.toHexString(opaque);
      case Frame.Register register ->
          " id=" + escape(register.nodeId()) + " instance=" + Long.toHexString(register.instance());
      case Frame.Registered answer ->
          " epoch=" + answer.epoch() + " interval=" + answer.pace().intervalMs() + "ms";
      case Frame.Unregister(var reason) -> " reason=" + reason;
      case Frame.Fault fault ->
          " " + code(fault.code()) + scope(fault) + " \"" + escape(fault.message()) + "\"";
      case Frame.ChannelOpen open ->
          " channel=" + open.channel() + " name=" + escape(String.valueOf(open.name()));
      case Frame.ChannelAccept(var channel, var credit) ->
          " channel=" + channel + " credit=" + credit;
      case Frame.ChannelClose(var channel, var code) -> " channel=" + channel + " " + code(code);
      case Frame.Credit(var channel, var delta) -> " channel=" + channel + " +" + delta;
      case Frame.GoAway goAway ->
          " " + code(goAway.code()) + " retryAfter=" + goAway.retryAfterMs() + "ms";
      case Frame.Ack(var channel, var seq) -> " channel=" + channel + " seq=" + seq;
    };
  }

  private static String flags(Frame.Data data) {
    return (data.end() ? " END" : "") + (data.more() ? " MORE" : "");
  }

  private static String scope(Frame.Fault fault) {
    return fault.scope() == Frame.Scope.CHANNEL ? " channel=" + fault.channel() : "";
  }

  private static String code(int code) {
    ErrorCode known = ErrorCode.of(code);
    return known.code() == code ? known.name() : String.format("0x%04X", code);
  }
}
