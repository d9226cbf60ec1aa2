package io.heartbus.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where webhooks begin, how they end, and how they go on over a restart. */
class WebhookRestartTest extends Hooked {
  @TempDir private Path dir;

  private void restart() {
    webhooks.close();
    start(dir, settings());
  }

  /** Forgets what the receiver was told so far. */
  private void forget() {
    while (receiver.poll() != null) {
      // One at a time.
    }
  }

  private Path cursor() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> file.toString().endsWith(".cursor")).findFirst().orElseThrow();
    }
  }

  @Test
  void theFirstTimeItBeginsNow() throws Exception {
    append(3);
    start(dir, settings());
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(4L);
  }

  @Test
  void whatHappenedWhileItWasAwayIsToldAfterwards() throws Exception {
    start(dir, settings());
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(1L);
    await("taken", () -> counts().events.sum() == 1);
    webhooks.close();
    append(3);
    start(dir, settings());
    assertThat(numbers(receiver.next())).containsExactly(2L, 3L, 4L);
    await("taken", () -> counts().events.sum() == 3);
    restart();
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(5L);
  }

  @Test
  void whatWasNotTakenIsToldAgain() throws Exception {
    receiver.usually(Receiver.status(500));
    start(dir, settings());
    append(2);
    await("refused", () -> counts().failures() > 1);
    webhooks.close();
    forget();
    receiver.usually(Receiver.status(200));
    start(dir, settings());
    assertThat(numbers(receiver.next())).containsExactly(1L, 2L);
  }

  @Test
  void aDamagedCursorMeansFromTheOldestEvent() throws Exception {
    start(dir, settings());
    append(2);
    await("taken", () -> counts().events.sum() == 2);
    webhooks.close();
    forget();
    Files.writeString(cursor(), "what?");
    start(dir, settings());
    assertThat(numbers(receiver.next())).containsExactly(1L, 2L);
  }

  @Test
  void anotherLogIsToldFromItsBeginning() throws Exception {
    start(dir, settings());
    append(2);
    await("taken", () -> counts().events.sum() == 2);
    webhooks.close();
    forget();
    log = log("1790000000000001", 0);
    append(1);
    start(dir, settings());
    Receiver.Request request = receiver.next();
    assertThat(json(request).path("epoch").asString()).isEqualTo("1790000000000001");
    assertThat(json(request).path("gap").toString()).isEqualTo("{\"from\":3,\"to\":null}");
    assertThat(numbers(request)).containsExactly(1L);
  }

  @Test
  void aFolderThatCannotBeWrittenStopsNothing() throws Exception {
    start(dir.resolve("missing"), settings());
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(1L);
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(2L);
  }

  @Test
  void theLastWordsAreStillTold() throws Exception {
    start(settings());
    append(17);
    webhooks.close();
    assertThat(counts().events.sum()).isEqualTo(17);
  }

  @Test
  void whoHangsDoesNotKeepTheServerFromEnding() throws Exception {
    receiver.usually(_ -> new CountDownLatch(1).await());
    start(settings(receiver.url(), 5, 3_600_000), settings(receiver.url(), 1, 3_600_000));
    append(3);
    receiver.next();
    receiver.next();
    webhooks.close();
    assertThat(List.of(receiver.poll() == null, counts().events.sum())).containsExactly(true, 0L);
  }
}
