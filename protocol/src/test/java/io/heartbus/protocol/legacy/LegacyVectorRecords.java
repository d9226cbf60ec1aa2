package io.heartbus.protocol.legacy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the HBP/1 vectors say, as records. */
final class LegacyVectorRecords {
  private static final long TIME = 1_761_638_400_123_456L;

  static final Map<String, LegacyFrame> BY_NAME = new HashMap<>();

  static {
    Map<String, String> none = Map.of();
    put("register", register("web-1", Map.of("group", "eu", "os", "linux"), null));
    put("register-empty-metadata", register("web-1", none, null));
    put("register-list-metadata", register("web-1", Map.of("0", "eu", "1", "linux"), null));
    put("register-without-id", register(null, none, null));
    put("register-token", register("web-1", Map.of("os", "linux"), "s3cret"));
    put("register-unicode", register("zürich/7", Map.of("mood", "😀"), null));
    put("register-minimal", new LegacyFrame.Register(null, none, null, 0));
    put(
        "register-nested-metadata",
        new LegacyFrame.Register(
            "web-1",
            Map.of(
                "cpus",
                "4",
                "load",
                "1.50",
                "tags",
                "[\"a\",\"b\"]",
                "up",
                "true",
                "none",
                "null",
                "where",
                "{\"rack\":\"12\"}"),
            null,
            1_761_638_400_000_000L));
    put("registered", new LegacyFrame.Registered("web-1", 1, TIME));
    put("registered-by-php", new LegacyFrame.Registered("web-1", 42, TIME));
    put("heartbeat-req", new LegacyFrame.HeartbeatRequest(TIME));
    put("heartbeat-req-empty", new LegacyFrame.HeartbeatRequest(0));
    put("heartbeat-res", new LegacyFrame.HeartbeatResponse(1_761_638_400_100_000L));
    put("data", new LegacyFrame.Data(1, "hello"));
    put("data-json", new LegacyFrame.Data(1, "{\"text\":\"Gr\\u00fc\\u00dfe\\n\",\"n\":[1,2]}"));
    put("data-raw-utf8", new LegacyFrame.Data(1, "Grüße 😀"));
    put("data-no-channel", new LegacyFrame.Data(0, "hello"));
    put("ping", new LegacyFrame.Ping());
    put("pong", new LegacyFrame.Pong());
    put("unregister", new LegacyFrame.Unregister());
    put("error", LegacyFrame.Fault.of(LegacyError.MALFORMED, "a second REGISTER"));
  }

  private LegacyVectorRecords() {}

  private static void put(String name, LegacyFrame frame) {
    BY_NAME.put("legacy-" + name, frame);
  }

  private static LegacyFrame register(
      @Nullable String nodeId, Map<String, String> metadata, @Nullable String token) {
    return new LegacyFrame.Register(nodeId, metadata, token, TIME);
  }
}
