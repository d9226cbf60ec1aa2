package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.series.Histograms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two load testers that run at the same time, and the report that they are together. */
@Timeout(60)
class JoinTest {
  @TempDir private static Path shared;

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path one;
  private Path other;

  @BeforeEach
  void twoReports() throws Exception {
    if (!Files.exists(shared.resolve("two.json"))) {
      try (FakeServer server = FakeServer.honest(100)) {
        CompletableFuture<Integer> first = load(server.target(), 20, "one");
        CompletableFuture<Integer> second = load(server.target(), 30, "two");
        assertThat(first.get(50, TimeUnit.SECONDS)).isZero();
        assertThat(second.get(50, TimeUnit.SECONDS)).isZero();
      }
    }
    for (String file : List.of("one.json", "one.hlog", "two.json", "two.hlog")) {
      Files.copy(shared.resolve(file), folder.resolve(file));
    }
    one = folder.resolve("one.json");
    other = folder.resolve("two.json");
  }

  @Test
  void twoReportsBecomeOneWithSumsAndExactPercentiles() throws IOException {
    Path joined = folder.resolve("joined.json");
    Path hlog = folder.resolve("joined.hlog");

    assertThat(join(one, other, "--json=" + joined, "--hlog=" + hlog)).as(err()).isZero();

    JsonNode report = json(joined);
    assertThat(report.get("nodes").get("connected").intValue()).isEqualTo(50);
    assertThat(report.get("heartbeats").get("sent").longValue()).isEqualTo(sent(one) + sent(other));
    Histograms all = Histograms.read(folder.resolve("one.hlog"));
    all.add(Histograms.read(folder.resolve("two.hlog")));
    assertThat(report.get("heartbeats").get("p99Ms").doubleValue())
        .isEqualTo(all.heartbeats().getValueAtPercentile(99) / 1e3);
    assertThat(report.get("startedAtMs").longValue())
        .isEqualTo(Math.min(startedAtMs(one), startedAtMs(other)));
    assertThat(report.get("generators").size()).isEqualTo(2);
    assertThat(report.get("generators").get(1).get("command").stringValue()).contains("--nodes 30");
    assertThat(report.get("hlog").stringValue()).isEqualTo("joined.hlog");
    assertThat(report.get("verdict").get("passed").booleanValue()).isTrue();
    assertThat(Histograms.read(hlog).distributions()).isEqualTo(all.distributions());
    assertThat(out.toString(UTF_8)).contains("50 requested, 50 connected", "verdict     passed");
  }

  @Test
  void oneThatFailedFailsAll() throws IOException {
    replace(other, "\"passed\" : true", "\"passed\" : false");
    replace(other, "\"failures\" : [ ]", "\"failures\" : [ \"3 nodes were lost\" ]");

    assertThat(join(one, other)).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("two.json: 3 nodes were lost");
  }

  @Test
  void oneAloneOrTwiceIsRefused() {
    refused("is all there is", one);
    refused("twice", one, one);
  }

  @Test
  void anotherScenarioTargetOrTimeIsRefused() throws IOException {
    String text = Files.readString(other);
    replace(other, "\"scenario\" : \"heartbeat\"", "\"scenario\" : \"connect\"");
    refused("is of the scenario connect", one, other);

    Files.writeString(other, text);
    replace(other, "\"target\" : \"127", "\"target\" : \"126");
    refused("is about 126", one, other);

    Files.writeString(other, text);
    replace(other, "\"startedAtMs\" : ", "\"startedAtMs\" : 9");
    refused("of different times", one, other);

    Files.writeString(other, text);
    replace(other, "\"scenario\" : \"heartbeat\"", "\"scenario\" : \"detect\"");
    refused("stands for itself", one, other);
  }

  @Test
  void whatIsMissingOrNoReportIsRefused() throws IOException {
    refused("cannot read", one, folder.resolve("three.json"));
    refused("is no report", one, Files.writeString(folder.resolve("x.json"), "{\"a\":1}"));
    refused("is no report", one, Files.writeString(folder.resolve("y.json"), "cows"));

    Files.copy(one, folder.resolve("z.json"));
    replace(folder.resolve("z.json"), "\"hlog\" : \"one.hlog\"", "\"hlog\" : null");
    refused("without --hlog", folder.resolve("z.json"), other);

    Files.writeString(folder.resolve("two.hlog"), "");
    refused("does not hold what", one, other);
    Files.delete(folder.resolve("two.hlog"));
    refused("cannot read", one, other);
  }

  @Test
  void nothingIsRunAndNothingThatIsReadIsWrittenOver() {
    assertThat(join(one, other, "--nodes=5")).isEqualTo(2);
    assertThat(err()).contains("--nodes: --join runs nothing");
    err.reset();
    assertThat(join(one, other, "--hlog=" + folder.resolve("one.hlog"))).isEqualTo(2);
    assertThat(err()).contains("one.hlog is read");
  }

  private void refused(String why, Path... files) {
    List<String> args = new ArrayList<>(List.of("--join"));
    for (Path file : files) {
      args.add(file.toString());
    }
    err.reset();
    assertThat(LoadTestMain.run(args.toArray(String[]::new), stream(out), stream(err)))
        .isEqualTo(2);
    assertThat(err().lines()).as(err()).hasSize(1);
    assertThat(err()).startsWith("heartbus-load-test: ").contains(why);
  }

  private int join(Path first, Path second, String... more) {
    List<String> args = new ArrayList<>(List.of("--join", first.toString(), second.toString()));
    args.addAll(List.of(more));
    return LoadTestMain.run(args.toArray(String[]::new), stream(out), stream(err));
  }

  private static CompletableFuture<Integer> load(String target, int nodes, String name) {
    String[] args = {
      "--target",
      target,
      "--nodes",
      Integer.toString(nodes),
      "--interval=100ms",
      "--duration=2s",
      "--json=" + shared.resolve(name + ".json"),
      "--hlog=" + shared.resolve(name + ".hlog")
    };
    PrintStream nowhere = stream(new ByteArrayOutputStream());
    return CompletableFuture.supplyAsync(
        () -> LoadTestMain.run(args, nowhere, nowhere), run -> Thread.ofPlatform().start(run));
  }

  private static void replace(Path file, String text, String by) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(text);
    Files.writeString(file, before.replace(text, by));
  }

  private static long sent(Path report) throws IOException {
    return json(report).get("heartbeats").get("sent").longValue();
  }

  private static long startedAtMs(Path report) throws IOException {
    return json(report).get("startedAtMs").longValue();
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  private String err() {
    return err.toString(UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }
}
