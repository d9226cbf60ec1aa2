package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What README shows is what a test compiles and runs. */
class ReadmeTest {
  private static final Path SOURCE = Path.of("src/test/java/io/heartbus/client/ClientExample.java");

  private static String collapsed(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void theExampleInReadmeIsTheOneThatIsTested() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(
            source.indexOf("// example-begin") + "// example-begin".length(),
            source.indexOf("// example-end"));
    // Only where the options begin differs: the test has its own server.
    String shown = example.replace("defaults.", "ClientOptions.defaults().");
    assertThat(collapsed(Files.readString(Path.of("../README.md")))).contains(collapsed(shown));
  }
}
