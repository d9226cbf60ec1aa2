package io.heartbus.loadtest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramFileTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00.250Z");

  @TempDir private Path folder;

  @Test
  void theToolsOfTheLibraryReadEverySecondWithItsTag() throws IOException {
    Path file =
        write("a.hlog", BEGIN, Ticks.second(1, "ramp", 1_000, 2_000), Ticks.second(3, "hold", 500));

    List<EncodableHistogram> lines = lines(file);

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().getTag()).isEqualTo("heartbeats");
    assertThat(lines.getFirst().getStartTimeStamp()).isEqualTo(BEGIN.toEpochMilli());
    assertThat(lines.getFirst().getEndTimeStamp()).isEqualTo(BEGIN.toEpochMilli() + 1_000);
    assertThat(lines.getFirst().getMaxValueAsDouble()).isEqualTo(2_000);
    assertThat(lines.getLast().getStartTimeStamp()).isEqualTo(BEGIN.toEpochMilli() + 2_000);
  }

  @Test
  void allThatWasWrittenIsReadAgain() throws IOException {
    Path file =
        write("a.hlog", BEGIN, Ticks.second(1, "ramp", 1_000, 2_000), Ticks.second(2, "hold", 500));

    Histograms read = Histograms.read(file);

    assertThat(read.heartbeats().getTotalCount()).isEqualTo(3);
    assertThat(read.heartbeats().getMaxValue()).isEqualTo(2_000);
    assertThat(read.messages().getTotalCount()).isZero();
  }

  @Test
  void severalFilesBecomeOneInTheOrderOfTime() throws IOException {
    Path one =
        write("a.hlog", BEGIN, Ticks.second(1, "ramp", 1_000), Ticks.second(2, "hold", 1_001));
    Path other = write("b.hlog", BEGIN.plusMillis(500), Ticks.second(1, "ramp", 2_000));
    Path joined = folder.resolve("c.hlog");

    HistogramFile.join(List.of(one, other), joined, BEGIN);

    assertThat(lines(joined))
        .extracting(EncodableHistogram::getMaxValueAsDouble)
        .containsExactly(1_000.0, 2_000.0, 1_001.0);
    assertThat(Histograms.read(joined).heartbeats().getTotalCount()).isEqualTo(3);
  }

  @Test
  void whatIsNoLogIsRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("x.hlog"), "Tag=cows,0.0,1.0,2.0,notBase64\n");

    assertThatThrownBy(() -> Histograms.read(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no histogram log");
    assertThatThrownBy(() -> Histograms.read(folder.resolve("none.hlog")))
        .isInstanceOf(IOException.class);
  }

  private Path write(String name, Instant begin, Tick... ticks) throws IOException {
    Path file = folder.resolve(name);
    try (HistogramFile log = HistogramFile.create(file)) {
      log.begin(begin);
      for (Tick tick : ticks) {
        log.add(tick);
      }
    }
    return file;
  }

  private static List<EncodableHistogram> lines(Path file) throws IOException {
    List<EncodableHistogram> lines = new ArrayList<>();
    try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
      for (EncodableHistogram line = reader.nextIntervalHistogram();
          line != null;
          line = reader.nextIntervalHistogram()) {
        lines.add(line);
      }
    }
    return lines;
  }
}
