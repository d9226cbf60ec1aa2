package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.heartbus.server.node.EventType;
import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.webhook.WebhookSettings;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration says about webhooks. */
class WebhookConfigTest {
  private static List<WebhookSettings> read(String webhooks) {
    return ServerConfig.of(
            ConfigFactory.parseString("heartbus.server.presence.webhooks = [\n" + webhooks + "\n]"))
        .presence()
        .webhooks();
  }

  @Test
  void allButTheAddressHasADefault() {
    assertThat(read("{ url = \"https://example.org/hook\" }"))
        .containsExactly(
            new WebhookSettings(
                URI.create("https://example.org/hook"),
                null,
                EventFilter.ALL,
                100,
                10_000,
                60_000));
  }

  @Test
  void everythingCanBeSaid() {
    WebhookSettings settings =
        read("""
        { url = "http://[::1]:8080/x?token=t", secret = s3cret, types = [offline, mass_loss],
          group = g, prefix = p, batch = 7, timeout = 3 s, max-retry-delay = 5 m }
        """)
            .getFirst();
    assertThat(settings)
        .isEqualTo(
            new WebhookSettings(
                URI.create("http://[::1]:8080/x?token=t"),
                "s3cret",
                new EventFilter(Set.of(EventType.OFFLINE, EventType.MASS_LOSS), "g", "p"),
                7,
                3_000,
                300_000));
    assertThat(settings.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | [0].url: missing",
        "7 | [0] = 7: must be an object",
        "{ url = \"ftp://x\" } | [0].url = ftp://x: must be an address that begins with http:// or"
            + " https://, without a user",
        "{ url = \"http:///x\" } | [0].url = http:///x: must be an address",
        "{ url = \"http://a:b@x\" } | [0].url = http://a:b@x: must be an address",
        "{ url = \"http://x:70000\" } | [0].url = http://x:70000: must be an address",
        "{ url = \"http://x\", batch = 0 } | [0].batch = 0: must be a whole number from 1 to 10000",
        "{ url = \"http://x\", timeout = 0 s } | [0].timeout = 0 s: must be",
        "{ url = \"http://x\", types = [gone] } | [0].types",
        "{ url = \"http://x\", colour = red } | [0].colour = red: unknown key"
      })
  void whatIsWrongIsNamed(String webhook, String message) {
    ConfigurationException wrong =
        catchThrowableOfType(ConfigurationException.class, () -> read(webhook));
    assertThat(wrong.getMessage())
        .startsWith("String: 2: heartbus.server.presence.webhooks" + message);
  }
}
