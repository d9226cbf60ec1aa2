package io.heartbus.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.client.WatchPosition;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WatchExampleTest {
  private static final Path SOURCE = Path.of("src/test/java/io/heartbus/example/WatchExample.java");

  private static String collapsed(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void theExampleHearsOfTheNodeThatLeaves() throws Exception {
    ServerConfig config =
        ServerConfig.of(
            ConfigFactory.parseString(
                """
                heartbus.server { listen { host = "127.0.0.1", port = 0 }, http.port = 0 }
                """));
    AtomicReference<String> paged = new AtomicReference<>();
    CountDownLatch enough = new CountDownLatch(1);
    try (HeartbeatServer server = HeartbeatServer.start(config)) {
      ClientOptions options =
          ClientOptions.defaults().withServers("127.0.0.1:" + server.busAddress().getPort());
      WatchExample.Pager pager =
          new WatchExample.Pager() {
            @Override
            public void page(String text) {
              paged.set(text);
              enough.countDown();
            }

            @Override
            public void awaitShiftEnd() throws InterruptedException {
              leave(options.withNodeId("elsewhere").withGroup("rome"));
              leave(options.withNodeId("pump-7").withGroup("berlin"));
              enough.await();
            }
          };
      WatchPosition reached = WatchExample.run(options, pager);
      assertThat(paged).hasValue("pump-7 is gone: LEFT");
      assertThat(reached.seq()).isPositive();
    }
  }

  private static void leave(ClientOptions options) throws InterruptedException {
    try {
      HeartbeatClient.connect(options).close();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void theExampleInReadmeIsTheOneThatIsRun() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(
            source.indexOf("// example-begin") + "// example-begin".length(),
            source.indexOf("// example-end"));
    // A reader starts from the defaults; the test has a server of its own.
    String shown = example.replace("defaults.", "ClientOptions.defaults().");
    assertThat(collapsed(Files.readString(Path.of("../README.md")))).contains(collapsed(shown));
  }
}
