package io.heartbus.server.webhook;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of a webhook, and one try to tell it something. Blocks for at most the timeout of
 * the settings, whatever the receiver does. Keeps its connection for the next try; redirects are
 * not followed, because what is signed for one address is not for another. One thread.
 */
final class Target {
  private static final int OK_MIN = 200;
  private static final int OK_MAX = 299;

  private final WebhookSettings settings;
  private final HttpClient client;
  private final InstantSource wallClock;
  private final @Nullable Signature signature;

  Target(WebhookSettings settings, HttpClient client, InstantSource wallClock) {
    this.settings = settings;
    this.client = client;
    this.wallClock = wallClock;
    this.signature = settings.secret() == null ? null : new Signature(settings.secret());
  }

  WebhookSettings settings() {
    return settings;
  }

  /** Tries once. An interrupt ends the try. */
  Outcome post(Delivery delivery) throws InterruptedException {
    // The client's own timeout is over with the headers of the answer; this one is for all of it.
    CompletableFuture<HttpResponse<@Nullable Void>> answer =
        client.sendAsync(request(delivery), _ -> new AnswerBody());
    try {
      int status = answer.get(settings.timeoutMs(), TimeUnit.MILLISECONDS).statusCode();
      boolean taken = status >= OK_MIN && status <= OK_MAX;
      return new Outcome(
          taken ? DeliveryResult.TAKEN : DeliveryResult.REFUSED, "answered " + status);
    } catch (TimeoutException late) {
      return late();
    } catch (ExecutionException broken) {
      Throwable cause = broken.getCause();
      if (cause instanceof HttpTimeoutException) {
        return late();
      }
      return new Outcome(DeliveryResult.BROKEN, String.valueOf(cause == null ? broken : cause));
    } finally {
      // Gives up the connection, too, if there is still something going on there.
      boolean _ = answer.cancel(true);
    }
  }

  private Outcome late() {
    return new Outcome(
        DeliveryResult.TIMED_OUT, "no answer within " + settings.timeoutMs() + " ms");
  }

  private HttpRequest request(Delivery delivery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.url())
            .timeout(Duration.ofMillis(settings.timeoutMs()))
            .header("Content-Type", "application/json")
            .header("User-Agent", "heartbus")
            .header("Idempotency-Key", delivery.key())
            .header("X-Heartbus-Epoch", delivery.epoch())
            .header("X-Heartbus-First", Long.toString(delivery.first()))
            .header("X-Heartbus-Last", Long.toString(delivery.last()))
            .POST(BodyPublishers.ofByteArray(delivery.body()));
    if (signature != null) {
      // Of each try anew: the receiver judges how old it is.
      request.header(
          "X-Heartbus-Signature",
          signature.of(delivery.body(), wallClock.instant().getEpochSecond()));
    }
    return request.build();
  }
}
