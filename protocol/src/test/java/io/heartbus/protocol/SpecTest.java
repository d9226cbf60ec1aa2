package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.legacy.LegacyError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** SPEC.md says what the code does, as far as a test can compare them. */
class SpecTest {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final List<String> lines;

  SpecTest() throws IOException {
    lines = Files.readAllLines(Path.of("SPEC.md"));
  }

  @Test
  void itQuotesExactlyTheVectorsThatThereAre() {
    Map<String, String> expected =
        Vector.all()
            .collect(
                Collectors.toMap(
                    Vector::name,
                    vector -> meaning(vector) + "\n" + HEX.formatHex(vector.bytes()),
                    (one, other) -> one,
                    TreeMap::new));
    assertThat(quotedVectors()).isEqualTo(expected);
  }

  @Test
  void itListsEveryCode() {
    for (ErrorCode error : ErrorCode.values()) {
      assertThat(lines)
          .filteredOn(
              line -> line.startsWith(String.format("| 0x%04X | %s | ", error.code(), error)))
          .as("rows of %s", error)
          .hasSize(1);
    }
    assertThat(lines)
        .filteredOn(line -> line.startsWith("| 0x0") && line.charAt(6) != ' ')
        .hasSize(ErrorCode.values().length);
  }

  @Test
  void itListsEveryTypeAndWhoSendsIt() {
    for (FrameType type : FrameType.values()) {
      String senders =
          type.sentBy(Role.NODE) && type.sentBy(Role.SERVER)
              ? "N, S"
              : type.sentBy(Role.NODE) ? "N" : "S";
      String row = String.format("| 0x%02X | %s | %s | ", type.code(), type, senders);
      assertThat(lines).filteredOn(line -> line.startsWith(row)).as(row).hasSize(1);
    }
  }

  @Test
  void itSaysWhichErrorsEveryLegacyCodeStandsFor() {
    for (LegacyError legacy : LegacyError.values()) {
      String row =
          lines.stream()
              .filter(line -> line.startsWith("| " + legacy.code() + " | "))
              .findFirst()
              .orElseThrow();
      String[] cells = row.split(" *\\| *", -1);
      List<String> expected =
          Arrays.stream(ErrorCode.values())
              .filter(error -> LegacyError.of(error) == legacy)
              .map(ErrorCode::name)
              .toList();
      assertThat(cells[3].split(", ")).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static String meaning(Vector vector) {
    String meaning = vector.head().get("meaning");
    return vector.name().startsWith("refused-") ? vector.outcome() + ": " + meaning : meaning;
  }

  /** In {@code hex} blocks: a name and a meaning on one line, then indented bytes. */
  private Map<String, String> quotedVectors() {
    Map<String, String> quoted = new TreeMap<>();
    String name = "";
    boolean inside = false;
    for (String line : lines) {
      if (line.startsWith("```")) {
        inside = line.equals("```hex");
      } else if (inside && line.startsWith("  ")) {
        quoted.merge(name, line.strip(), String::concat);
      } else if (inside) {
        int blank = line.indexOf(' ');
        name = line.substring(0, blank);
        assertThat(quoted.put(name, line.substring(blank).strip() + "\n")).as(name).isNull();
      }
    }
    return quoted;
  }
}
