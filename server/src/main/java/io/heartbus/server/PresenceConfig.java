package io.heartbus.server;

import io.heartbus.server.liveness.MassLossSettings;
import io.heartbus.server.liveness.StallSettings;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.webhook.WebhookSettings;
import java.util.List;

/**
 * What can be set about verdicts and about those who hear of them. Immutable.
 *
 * @param canaries how many nodes of its own the server lets die, over and over, to measure itself
 */
public record PresenceConfig(
    int canaries,
    StallSettings stall,
    MassLossSettings massLoss,
    LogSettings log,
    List<WebhookSettings> webhooks) {
  public PresenceConfig {
    webhooks = List.copyOf(webhooks);
  }
}
