package io.heartbus.server.http;

import io.heartbus.server.liveness.HeartbeatPolicy;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Another interval and timeout for nodes, as an operator asks for it. Pure.
 *
 * @param intervalMs null leaves it as it is
 * @param timeoutMs null leaves it as it is, but three intervals at least
 */
record PaceChange(@Nullable Integer intervalMs, @Nullable Integer timeoutMs) {
  private static final String INTERVAL = "intervalMs";
  private static final String TIMEOUT = "timeoutMs";
  private static final int TIMEOUT_INTERVALS_MIN = 3;

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads {@code {"intervalMs":n,"timeoutMs":n}}, of which one may be left out or null.
   *
   * @throws Refusal when it is anything else, or beyond what the policy lets nodes agree to
   */
  static PaceChange parse(byte[] body, HeartbeatPolicy policy) throws Refusal {
    JsonNode json = json(body);
    for (Iterator<Map.Entry<String, JsonNode>> keys = json.properties().iterator();
        keys.hasNext(); ) {
      String key = keys.next().getKey();
      if (!key.equals(INTERVAL) && !key.equals(TIMEOUT)) {
        throw Refusal.badRequest("unknown key: " + key + "; known: " + INTERVAL + ", " + TIMEOUT);
      }
    }
    PaceChange change =
        new PaceChange(
            number(json, INTERVAL, policy.intervalMinMs(), policy.intervalMaxMs()),
            number(json, TIMEOUT, policy.timeoutMinMs(), policy.timeoutMaxMs()));
    change.refuseContradictions();
    return change;
  }

  private static JsonNode json(byte[] body) throws Refusal {
    try {
      JsonNode json = STRICT.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException notJson) {
      // Told below like anything else that is not such an object.
    }
    throw Refusal.badRequest("the body must be {\"intervalMs\":n,\"timeoutMs\":n}");
  }

  private static @Nullable Integer number(JsonNode json, String key, long min, long max)
      throws Refusal {
    @Nullable JsonNode value = json.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.canConvertToInt() && value.isIntegralNumber()) {
      int number = value.intValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw Refusal.badRequest(key + " must be a whole number from " + min + " to " + max);
  }

  private void refuseContradictions() throws Refusal {
    if (intervalMs == null && timeoutMs == null) {
      throw Refusal.badRequest("give " + INTERVAL + ", " + TIMEOUT + " or both");
    }
    if (intervalMs != null
        && timeoutMs != null
        && timeoutMs < (long) TIMEOUT_INTERVALS_MIN * intervalMs) {
      throw Refusal.badRequest(
          TIMEOUT + " must be at least " + TIMEOUT_INTERVALS_MIN + " times " + INTERVAL);
    }
  }
}
