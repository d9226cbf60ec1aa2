package io.heartbus.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.client.ClientOptions;
import io.heartbus.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmbeddingExampleTest {
  private static final Path SOURCE =
      Path.of("src/test/java/io/heartbus/example/EmbeddingExample.java");

  private static String collapsed(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void theExampleGetsItsQuote() throws Exception {
    ServerConfig config =
        ServerConfig.of(
            ConfigFactory.parseString(
                """
                heartbus.server { listen { host = "127.0.0.1", port = 0 }, http.port = 0 }
                """));
    assertThat(EmbeddingExample.run(config, ClientOptions.defaults()))
        .isEqualTo("ACME at 41.50 for desk-3");
  }

  @Test
  void theExampleInReadmeIsTheOneThatIsRun() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(
            source.indexOf("// example-begin") + "// example-begin".length(),
            source.indexOf("// example-end"));
    // A reader starts from the defaults; the test has ports of its own.
    String shown =
        example
            .replace("defaults.", "ClientOptions.defaults().")
            .replace("start(config", "start(ServerConfig.defaults()");
    assertThat(collapsed(Files.readString(Path.of("../README.md")))).contains(collapsed(shown));
  }
}
