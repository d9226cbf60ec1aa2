package io.heartbus.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
  @Test
  void cpuIsUserAndSystemWhateverTheProgramIsCalled() {
    String stat =
        "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 9 0 0 0 250 31 7 9 20 0 11 0 12345 67 8\n";

    assertThat(ServerProcess.cpuNanos(stat)).isEqualTo(2_810_000_000L);
  }

  @Test
  void theLiveHeapIsTheTotalOfTheHistogram() throws IOException {
    String histogram =
        """
        4711:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:            20           1000  [B (java.base@25)
           2:            10            500  java.lang.Total (java.base@25)
        Total            30           1500
        """;

    assertThat(ServerProcess.liveBytes(histogram)).isEqualTo(1_500);
    assertThatThrownBy(() -> ServerProcess.liveBytes("4711:\nCommand not found\n"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aProcessThatIsThereHasMemoryAndOneThatIsNotHasNone() throws Exception {
    ServerProcess own = new ServerProcess(ProcessHandle.current().pid());
    assertThat(own.residentBytes()).isGreaterThan(1 << 20);
    assertThat(own.cpuNanos()).isPositive();

    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    assertThatThrownBy(new ServerProcess(gone.pid())::cpuNanos).isInstanceOf(IOException.class);
  }
}
