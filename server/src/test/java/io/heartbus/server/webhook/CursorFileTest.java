package io.heartbus.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.server.presence.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorFileTest {
  @TempDir private Path dir;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList();
    }
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    CursorFile file = new CursorFile(dir, "1 http://a.example/?token=secret");
    assertThat(file.read()).isNull();
    file.write(new LogPosition("1790000000000000", 0));
    file.write(new LogPosition("1790000000000000", 123_456_789_012L));
    assertThat(new CursorFile(dir, "1 http://a.example/?token=secret").read())
        .isEqualTo(new LogPosition("1790000000000000", 123_456_789_012L));
    assertThat(new CursorFile(dir, "2 http://a.example/?token=secret").read()).isNull();
    assertThat(files()).singleElement().asString().doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "e", "e 1", "e -1\n", "e 1\ne 2\n", " 1\n", "e 9999999999999999999\n"})
  void whatMakesNoSenseIsSaid(String text) throws IOException {
    CursorFile file = new CursorFile(dir, "x");
    file.write(new LogPosition("e", 1));
    Files.writeString(files().getFirst(), text);
    assertThatThrownBy(file::read).isInstanceOf(IOException.class);
    Files.writeString(files().getFirst(), "e 1\n".repeat(1000));
    assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining("too long");
  }
}
