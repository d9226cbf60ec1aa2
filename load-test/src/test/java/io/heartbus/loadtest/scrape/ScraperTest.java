package io.heartbus.loadtest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.heartbus.loadtest.series.Column;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScraperTest {
  private final AtomicInteger status = new AtomicInteger(200);
  private final Semaphore answers = new Semaphore(0);

  @Test
  void aServerIsAskedAgainAndAgainAndAFailureLeavesAHole() throws Exception {
    HttpServer server = server();
    try (Scraper scraper = new Scraper(server.getAddress())) {
      scraper.begin();
      assertThat(awaitSome(scraper)).containsEntry(Column.SERVER_NODES, 5.0);

      status.set(503);
      answers.drainPermits();
      assertThat(answers.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
      Map<Column, Double> _ = scraper.take();
      assertThat(answers.tryAcquire(1, 30, TimeUnit.SECONDS)).isTrue();
      assertThat(scraper.take()).isEmpty();

      status.set(200);
      assertThat(awaitSome(scraper)).containsEntry(Column.SERVER_NODES, 5.0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatIsNotThereDoesNoHarm() throws IOException {
    HttpServer gone = server();
    gone.stop(0);
    try (Scraper scraper = new Scraper(gone.getAddress())) {
      scraper.begin();
      assertThat(scraper.take()).isEmpty();
    }
  }

  private Map<Column, Double> awaitSome(Scraper scraper) throws InterruptedException {
    while (true) {
      assertThat(answers.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      Map<Column, Double> told = scraper.take();
      if (!told.isEmpty()) {
        return told;
      }
    }
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] body = "heartbeat_nodes_online 5.0\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
          answers.release();
        });
    server.start();
    return server;
  }
}
