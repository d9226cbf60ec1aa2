package io.heartbus.server;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.heartbus.server.liveness.FlapSettings;
import io.heartbus.server.liveness.MassLossSettings;
import io.heartbus.server.liveness.StallSettings;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.GraceSettings;
import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.LogSettings.Fsync;
import io.heartbus.server.webhook.WebhookSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what stands below {@code presence}. */
final class PresenceReader {
  private static final long HOUR_MS = 3_600_000;
  private static final long YEAR_MS = 365 * 24 * HOUR_MS;
  private static final int CANARIES_MAX = 100;
  private static final int COUNT_MAX = 100_000_000;
  private static final int TIMEOUTS_MAX = 10;
  private static final int SEGMENT_BYTES_MIN = 64 << 10;
  private static final int LOG_BYTES_MIN = 64 << 10;
  private static final int ONE_GIB = 1 << 30;
  private static final int EVENTS_PER_REQUEST_MAX = 10_000;
  private static final int PORT_MAX = 65_535;
  private static final int SECRET_BYTES_MAX = 2048;
  private static final String WEBHOOKS = "presence.webhooks";

  private static final Map<String, Fsync> FSYNCS =
      Map.of("always", Fsync.ALWAYS, "interval", Fsync.INTERVAL, "never", Fsync.NEVER);

  private static final ConfigObject GROUP = ConfigFactory.parseString("offline-grace: 0").root();

  private static final ConfigObject WEBHOOK =
      ConfigFactory.parseString(
              "url: 0, secret: 0, types: 0, group: 0, prefix: 0, batch: 0, timeout: 0,"
                  + " max-retry-delay: 0")
          .root();

  private final StrictConfig config;

  PresenceReader(StrictConfig config) {
    this.config = config;
  }

  GraceSettings grace() {
    Map<String, Long> byGroupMs = new TreeMap<>();
    config
        .entries("presence.groups")
        .forEach((name, group) -> {
          group.refuseUnknown(GROUP);
          byGroupMs.put(name, group.durationMs("offline-grace", 0, HOUR_MS));
        });
    return new GraceSettings(config.durationMs("presence.offline-grace", 0, HOUR_MS), byGroupMs);
  }

  FlapSettings flap() {
    FlapSettings flap =
        new FlapSettings(
            config.count("presence.flap.penalty", 0, COUNT_MAX),
            config.durationMs("presence.flap.half-life", 1, 24 * HOUR_MS),
            config.count("presence.flap.suppress", 0, COUNT_MAX),
            config.count("presence.flap.reuse", 0, COUNT_MAX));
    if (flap.suppressOver() > 0 && flap.reuseUnder() >= flap.suppressOver()) {
      throw config.contradiction(
          "presence.flap.reuse", "presence.flap.suppress", "reuse must be less than suppress");
    }
    return flap;
  }

  PresenceConfig read() {
    return new PresenceConfig(
        config.count("presence.canaries", 0, CANARIES_MAX),
        new StallSettings(
            config.durationMs("presence.stall.gap", 100, HOUR_MS),
            config.durationMs("presence.stall.canary-timeout", 100, HOUR_MS),
            config.durationMs("presence.stall.freeze-max", 0, HOUR_MS)),
        massLoss(),
        log(),
        webhooks());
  }

  private MassLossSettings massLoss() {
    MassLossSettings guard =
        new MassLossSettings(
            config.share("presence.mass-loss.share"),
            config.count("presence.mass-loss.nodes", 1, COUNT_MAX),
            config.share("presence.mass-loss.group-share"),
            config.count("presence.mass-loss.group-nodes", 1, COUNT_MAX),
            config.decimal("presence.mass-loss.hold", 0, TIMEOUTS_MAX),
            config.decimal("presence.mass-loss.release", 0, TIMEOUTS_MAX));
    if (guard.releaseTimeouts() < guard.holdTimeouts()) {
      throw config.contradiction(
          "presence.mass-loss.release",
          "presence.mass-loss.hold",
          "release must be at least hold, both count from the same moment");
    }
    return guard;
  }

  private LogSettings log() {
    LogSettings log =
        new LogSettings(
            config.count("presence.log.events", 1, COUNT_MAX),
            config.bytes("presence.log.bytes", LOG_BYTES_MIN, ONE_GIB),
            logDir(),
            config.choice("presence.log.fsync", FSYNCS),
            config.durationMs("presence.log.fsync-interval", 1, HOUR_MS),
            config.bytes("presence.log.segment", SEGMENT_BYTES_MIN, ONE_GIB),
            config.longBytes("presence.log.retain-bytes", SEGMENT_BYTES_MIN),
            config.durationMs("presence.log.retain", 0, YEAR_MS));
    if (log.retainBytes() < log.segmentBytes()) {
      throw config.contradiction(
          "presence.log.retain-bytes",
          "presence.log.segment",
          "retain-bytes must be at least segment, of which one stays in any case");
    }
    return log;
  }

  private @Nullable Path logDir() {
    @Nullable String dir = config.textOrNull("presence.log.dir");
    try {
      return dir == null ? null : Path.of(dir);
    } catch (InvalidPathException impossible) {
      throw config.fault("presence.log.dir", "must be the path of a folder, or null for none");
    }
  }

  private List<WebhookSettings> webhooks() {
    List<WebhookSettings> webhooks = new ArrayList<>();
    int index = 0;
    for (ConfigValue element : config.list(WEBHOOKS)) {
      webhooks.add(webhook(config.element(WEBHOOKS, index++, element)));
    }
    return webhooks;
  }

  private static WebhookSettings webhook(StrictConfig element) {
    element.refuseUnknown(WEBHOOK);
    return new WebhookSettings(
        url(element),
        element.has("secret") ? element.secret("secret", SECRET_BYTES_MAX) : null,
        new EventFilter(
            types(element),
            element.has("group") ? element.text("group", "must be a text") : null,
            element.has("prefix") ? element.text("prefix", "must be a text") : ""),
        element.has("batch") ? element.count("batch", 1, EVENTS_PER_REQUEST_MAX) : 100,
        element.has("timeout") ? element.durationMs("timeout", 1, HOUR_MS) : 10_000,
        element.has("max-retry-delay")
            ? element.durationMs("max-retry-delay", 1, HOUR_MS)
            : 60_000);
  }

  private static URI url(StrictConfig element) {
    String rule = "must be an address that begins with http:// or https://, without a user";
    String text = element.text("url", rule);
    try {
      URI url = new URI(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getPort() <= PORT_MAX && url.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException notAddress) {
      // Told below like any other that is not allowed.
    }
    throw element.fault("url", rule);
  }

  private static Set<EventType> types(StrictConfig element) {
    Set<EventType> types = EnumSet.noneOf(EventType.class);
    if (!element.has("types")) {
      return types;
    }
    Map<String, EventType> known =
        Stream.of(EventType.values()).collect(Collectors.toMap(EventType::text, type -> type));
    for (ConfigValue value : element.list("types")) {
      @Nullable EventType type = known.get(String.valueOf(value.unwrapped()));
      if (type == null) {
        throw element.fault(
            "types", "must be a list of " + String.join(", ", new TreeMap<>(known).keySet()));
      }
      types.add(type);
    }
    return types;
  }
}
