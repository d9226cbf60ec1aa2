package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostLimitsTest {
  private static final long GIB = 1L << 30;

  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max cpu time              unlimited            unlimited            seconds
      Max processes             94000                94000                processes
      Max open files            1024                 20000                files
      Max locked memory         8388608              8388608              bytes
      """;

  @Test
  void limitsAreReadAsLinuxWritesThem() {
    HostLimits limits =
        HostLimits.parse(LIMITS, "4000000\n", "4096\n", "287901\t383868\t575802\n", 4 * GIB);
    assertThat(limits).isEqualTo(new HostLimits(1024, 20000, 4000000, 4096, 575802, 4 * GIB));
    assertThat(limits.summary())
        .isEqualTo(
            "file descriptors 1024 (hard limit 20000, fs.nr_open 4000000), somaxconn 4096,"
                + " tcp_mem 575802 pages, heap 4096 MiB");
  }

  @Test
  void whatIsNotToldIsUnknownAndNoShortage() {
    HostLimits limits = HostLimits.parse("", "", "", "", Long.MAX_VALUE);
    assertThat(limits).isEqualTo(new HostLimits(-1, -1, -1, -1, -1, Long.MAX_VALUE));
    assertThat(limits.summary()).contains("file descriptors unknown", "heap unlimited");
    assertThat(limits.shortages(1_000_000, 4096)).isEmpty();
  }

  @Test
  void unlimitedIsEnough() {
    HostLimits limits =
        HostLimits.parse(
            "Max open files            unlimited            unlimited            files",
            "1",
            "9999",
            "1 2 9999999",
            4 * GIB);
    assertThat(limits.summary()).contains("file descriptors unlimited (hard limit unlimited");
    assertThat(limits.shortages(1_000_000, 4096)).isEmpty();
  }

  @Test
  void aMachineThatIsReadyForAMillionIsNotComplainedAbout() {
    HostLimits limits = new HostLimits(1_100_000, 1_100_000, 2_500_000, 65_535, 3_000_000, 4 * GIB);
    assertThat(limits.shortages(1_000_000, 4096)).isEmpty();
  }

  @Test
  void tooFewDescriptorsAreToldWithWhatToChange() {
    assertThat(new HostLimits(1024, 20_000, 4_000_000, 4096, 600_000, GIB).shortages(10_000, 4096))
        .containsExactly(
            "limits.max-connections = 10000 cannot be reached: 1024 file descriptors are enough for"
                + " about 724; start it with ulimit -n 10300, or lower limits.max-connections");
    assertThat(new HostLimits(1024, 1024, 4_000_000, 4096, 600_000, GIB).shortages(10_000, 4096))
        .singleElement()
        .asString()
        .contains("raise the hard limit to 10300 (systemd: LimitNOFILE=10300;");
    assertThat(new HostLimits(1024, 1024, 1024, 4096, 600_000, GIB).shortages(10_000, 4096))
        .singleElement()
        .asString()
        .contains("sysctl -w fs.nr_open=10300, then raise the hard limit to 10300");
  }

  @Test
  void theOtherShortagesAreToldToo() {
    HostLimits limits = new HostLimits(2_000_000, 2_000_000, 2_000_000, 128, 500_000, GIB);
    assertThat(limits.shortages(1_000_000, 4096))
        .satisfiesExactly(
            heap ->
                assertThat(heap)
                    .contains("a heap of 1024 MiB is enough for about 268435", "-Xmx3815m"),
            tcp -> assertThat(tcp).contains("net.ipv4.tcp_mem='2000000 2500000 3000000'"),
            backlog -> assertThat(backlog).contains("cut to 128", "net.core.somaxconn=4096"));
  }

  @Test
  void thisMachineTellsItsLimits() {
    HostLimits limits = HostLimits.ofThisProcess();
    assertThat(limits.heapBytesMax()).isPositive();
    if (System.getProperty("os.name").equals("Linux")) {
      assertThat(limits.descriptorsSoft()).isGreaterThan(10);
      assertThat(limits.descriptorsHard()).isGreaterThanOrEqualTo(limits.descriptorsSoft());
    }
  }
}
