package io.heartbus.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.EventFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a receiver sees, however it behaves. */
class WebhookTest extends Hooked {
  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void aDeliveryIsSignedNumberedAndComplete() throws Exception {
    append(7);
    start(settings());
    log.append(
        new NodeEvent(EventType.OFFLINE, "pümp", 9, Cause.TIMEOUT, "berlin", 30_000, "gone"));
    Receiver.Request request = receiver.next();
    assertThat(request.line()).isEqualTo("POST /hook?token=in-the-address HTTP/1.1");
    assertThat(request.body())
        .matches(
            "\\{\"epoch\":\"1790000000000000\",\"events\":\\[\\{\"seq\":8,\"time\":\"[^\"]+Z\","
                + "\"type\":\"offline\",\"node\":\"pümp\",\"session\":9,\"cause\":\"TIMEOUT\","
                + "\"group\":\"berlin\",\"silenceMs\":30000,\"detail\":\"gone\"}],\"gap\":null}");
    Map<String, String> headers = request.headers();
    assertThat(headers)
        .containsEntry("content-type", "application/json")
        .containsEntry("x-heartbus-epoch", EPOCH)
        .containsEntry("x-heartbus-first", "8")
        .containsEntry("x-heartbus-last", "8")
        .containsEntry("idempotency-key", EPOCH + "-8-8");
    String signature = headers.get("x-heartbus-signature");
    long seconds = Long.parseLong(signature.substring(2, signature.indexOf(',')));
    assertThat(signature)
        .isEqualTo(new Signature(SECRET).of(request.body().getBytes(UTF_8), seconds));
    await("taken", () -> counts().events.sum() == 1);
    assertThat(counts().eventsBehind()).isZero();
  }

  @Test
  void withoutASecretNothingIsSigned() throws Exception {
    start(new WebhookSettings(receiver.url(), null, EventFilter.ALL, 5, 60_000, 2));
    append(1);
    assertThat(receiver.next().headers()).doesNotContainKey("x-heartbus-signature");
  }

  @Test
  void whatWaitsGoesInBatchesOverOneConnection() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    receiver.answers(out -> {
      go.await();
      Receiver.status(201).write(out);
    });
    start(settings());
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(1L);
    append(12);
    go.countDown();
    Set<Integer> connections = new HashSet<>();
    for (List<Long> batch : List.of(range(2, 6), range(7, 11), range(12, 13))) {
      Receiver.Request request = receiver.next();
      connections.add(request.connection());
      assertThat(numbers(request)).isEqualTo(batch);
    }
    assertThat(connections).containsExactly(1);
  }

  @Test
  void onlyWhatIsWantedIsTold() throws Exception {
    EventFilter filter = new EventFilter(Set.of(EventType.OFFLINE), "g", "a");
    start(new WebhookSettings(receiver.url(), null, filter, 5, 60_000, 2));
    append(3);
    log.append(new NodeEvent(EventType.OFFLINE, "a1", 1, Cause.LEFT, "g", -1, null));
    log.append(new NodeEvent(EventType.OFFLINE, "b1", 1, Cause.LEFT, "g", -1, null));
    log.append(new NodeEvent(EventType.OFFLINE, "a2", 1, Cause.LEFT, "h", -1, null));
    log.append(new NodeEvent(EventType.OFFLINE, "a3", 1, Cause.LEFT, "g", -1, null));
    List<Long> told = new ArrayList<>(numbers(receiver.next()));
    if (told.size() < 2) {
      told.addAll(numbers(receiver.next()));
    }
    assertThat(told).containsExactly(4L, 7L);
  }

  @Test
  void theSameDeliveryIsTriedUntilItIsTaken() throws Exception {
    receiver.answers(
        Receiver.status(500),
        Receiver.raw("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
        Receiver.status(410),
        Receiver.raw("garbage\r\n\r\n"),
        Receiver.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it"),
        _ -> {
          throw new IOException("closes without an answer");
        },
        Receiver.raw("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    // Whatever is wrong with an answer ends on its own, except the one that stops half way.
    start(settings(receiver.url(), 5, 2_000));
    append(3);
    Receiver.Request first = receiver.next();
    for (int again = 1; again <= 7; again++) {
      Receiver.Request request = receiver.next();
      assertThat(request.line()).isEqualTo(first.line());
      assertThat(request.body()).isEqualTo(first.body());
      assertThat(request.headers().get("idempotency-key"))
          .isEqualTo(first.headers().get("idempotency-key"));
    }
    await("works again", () -> counts().failures() == 0);
    List<Long> told = numbers(first);
    if (told.size() < 3) {
      assertThat(numbers(receiver.next())).isEqualTo(range(told.size() + 1, 3));
    }
    await("all taken", () -> counts().events.sum() == 3);
    assertThat(counts().deliveries(DeliveryResult.REFUSED).sum()).isEqualTo(4);
    assertThat(
            counts().deliveries(DeliveryResult.BROKEN).sum()
                + counts().deliveries(DeliveryResult.TIMED_OUT).sum())
        .isEqualTo(3);
  }

  @Test
  void nobodyThereIsAFailureLikeAnyOther() throws Exception {
    Receiver gone = new Receiver();
    gone.close();
    start(settings(gone.url(), 5, 60_000), settings());
    append(2);
    await("three tries", () -> counts().failures() >= 3);
    assertThat(counts().deliveries(DeliveryResult.BROKEN).sum()).isGreaterThanOrEqualTo(3);
    assertThat(counts().eventsBehind()).isEqualTo(2);
  }

  @Test
  void whoHangsCostsNobodyElse() throws Exception {
    try (Receiver hangs = new Receiver()) {
      hangs.usually(_ -> new CountDownLatch(1).await());
      start(settings(hangs.url(), 5, 3_600_000), settings(hangs.url(), 5, 3_600_000), settings());
      append(1);
      hangs.next();
      hangs.next();
      receiver.next();
      for (int i = 2; i <= 20; i++) {
        append(1);
        assertThat(numbers(receiver.next())).containsExactly((long) i);
      }
      assertThat(hangs.poll()).isNull();
    }
  }

  @Test
  void anAnswerThatDoesNotEndInTimeIsAFailure() throws Exception {
    Receiver.Answer drips =
        out -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(UTF_8));
          for (int i = 0; i < 1_000_000; i++) {
            out.write('x');
            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
          }
        };
    receiver.answers(drips, _ -> new CountDownLatch(1).await());
    start(settings(receiver.url(), 5, 300));
    append(1);
    String body = receiver.next().body();
    assertThat(receiver.next().body()).isEqualTo(body);
    assertThat(receiver.next().body()).isEqualTo(body);
    assertThat(counts().deliveries(DeliveryResult.TIMED_OUT).sum()).isEqualTo(2);
  }

  @Test
  void anEndlessAnswerIsNotReadToItsEnd() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    receiver.answers(out -> {
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
      try {
        while (true) {
          out.write(new byte[8192]);
        }
      } finally {
        hungUp.countDown();
      }
    });
    start(settings());
    append(1);
    receiver.next();
    assertThat(hungUp.await(Receiver.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    await("taken", () -> counts().events.sum() == 1);
    append(1);
    assertThat(numbers(receiver.next())).containsExactly(2L);
  }

  @Test
  void whoIsTooSlowIsToldTheGap() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    receiver.answers(out -> {
      go.await();
      Receiver.status(200).write(out);
    });
    start(settings());
    append(1);
    receiver.next();
    append(LOG_EVENTS_MAX + 9);
    go.countDown();
    Receiver.Request request = receiver.next();
    assertThat(json(request).path("gap").toString()).isEqualTo("{\"from\":2,\"to\":10}");
    assertThat(numbers(request)).isEqualTo(range(11, 15));
    assertThat(request.headers())
        .containsEntry("x-heartbus-first", "11")
        .containsEntry("idempotency-key", EPOCH + "-11-15-gap");
    assertThat(json(receiver.next()).path("gap").isNull()).isTrue();
    assertThat(counts().gaps.sum()).isEqualTo(1);
  }

  /** Any mix of answers and events: every number is told, in order, or it is in a gap. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverHappensNothingIsSilentlyMissing(long seed) throws Exception {
    Random random = new Random(seed);
    Random answers = new Random(seed + 1000);
    receiver.usually(out -> {
      switch (answers.nextInt(6)) {
        case 0 -> Receiver.status(500).write(out);
        case 1 -> throw new IOException("hangs up");
        case 2 -> Receiver.raw("nonsense\n\n").write(out);
        default -> Receiver.status(200).write(out);
      }
    });
    start(settings());
    int total = 0;
    List<Long> accounted = new ArrayList<>();
    String before = "";
    while (total < 2000 || accounted.size() < total) {
      if (total < 2000) {
        int more = random.nextInt(20) == 0 ? 80 : random.nextInt(6);
        append(more);
        total += more;
      }
      Receiver.Request request = total > accounted.size() ? receiver.next() : receiver.poll();
      if (request == null || request.body().equals(before)) {
        continue;
      }
      before = request.body();
      JsonNode gap = json(request).path("gap");
      if (!gap.isNull()) {
        accounted.addAll(range(gap.path("from").asLong(), gap.path("to").asLong()));
      }
      accounted.addAll(numbers(request));
    }
    assertThat(accounted).as("seed %d", seed).isEqualTo(range(1, total));
  }
}
