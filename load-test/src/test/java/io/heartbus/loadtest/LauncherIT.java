package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The three launchers, as their users start them. */
@Timeout(180)
class LauncherIT {
  private static final Pattern READY =
      Pattern.compile("ready: bus 127\\.0\\.0\\.1:(\\d+), http 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern ANYTHING = Pattern.compile("\\S");
  private static final String CONFIGURATION =
      "heartbus.server { listen { host = 127.0.0.1, port = 0 }, http.port = 0 }";
  private static final String PREPARING = "preparing a quicker start";

  @TempDir private Path folder;

  private final List<JarProcess> servers = new ArrayList<>();

  @AfterEach
  void endServers() throws InterruptedException {
    for (JarProcess server : servers) {
      server.end();
    }
  }

  private static Path jar() {
    return Path.of(
        Objects.requireNonNull(System.getProperty("heartbus.jar.server"), "of the build"));
  }

  private static JarProcess launch(
      String launcher, Pattern awaited, String jvm, String... arguments) throws IOException {
    Path root = jar().resolve("../../..").normalize();
    List<String> command = new ArrayList<>(List.of(root.resolve(launcher).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HEARTBUS_JAVA_OPTS", jvm);
    return JarProcess.start(builder, awaited);
  }

  private JarProcess server(String jvm) throws IOException {
    Path file = Files.writeString(folder.resolve("server.conf"), CONFIGURATION);
    JarProcess server =
        launch("server/bin/heartbus-server", READY, jvm, "--config", file.toString());
    servers.add(server);
    return server;
  }

  @Test
  void aServerIsLoadedAskedAndToldToEnd() throws Exception {
    JarProcess server = server("-Xmx200m");
    Matcher ready = server.awaitLine();
    String bus = "127.0.0.1:" + ready.group(1);

    JarProcess load =
        launch(
            "load-test/bin/heartbus-load-test",
            ANYTHING,
            "",
            "--target=" + bus,
            "--scenario=heartbeat",
            "--nodes=20",
            "--interval=1s",
            "--duration=2s");
    assertThat(load.awaitExit()).as(load.output()).isZero();
    JarProcess nodes =
        launch(
            "client/bin/heartbus", ANYTHING, "", "nodes", "--http", "127.0.0.1:" + ready.group(2));
    assertThat(nodes.awaitExit()).as(nodes.output()).isZero();
    assertThat(nodes.output()).contains("OFFLINE");

    server.terminate();
    assertThat(server.awaitExit()).as(server.output()).isZero();

    // What the first start prepared is there, and is not prepared again.
    assertThat(jar().resolveSibling("heartbus-server.aot")).exists();
    JarProcess second = server("-Xmx200m");
    Matcher _ = second.awaitLine();
    second.terminate();
    assertThat(second.awaitExit()).isZero();
    assertThat(second.output()).doesNotContain(PREPARING);
  }

  @Test
  void optionsOfTheUserWinOverThoseOfTheFile() throws Exception {
    JarProcess server = server("-XX:+UseSerialGC");
    Matcher _ = server.awaitLine();
    server.terminate();
    assertThat(server.awaitExit()).isZero();
    assertThat(server.output()).contains("this JVM goes without -XX:+UseShenandoahGC");
  }

  @Test
  void wrongUsageIsSaidAndExitsWithTwo() throws Exception {
    for (String launcher :
        List.of(
            "server/bin/heartbus-server",
            "client/bin/heartbus",
            "load-test/bin/heartbus-load-test")) {
      JarProcess wrong = launch(launcher, ANYTHING, "", "--no-such-option");
      assertThat(wrong.awaitExit()).as(launcher).isEqualTo(2);
      assertThat(wrong.output()).as(launcher).contains("--no-such-option");
    }
  }
}
