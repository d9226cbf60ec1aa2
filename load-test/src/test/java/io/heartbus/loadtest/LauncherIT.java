package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launchers as their users start them, on a copy of the repository with this build's jars. */
@Timeout(180)
class LauncherIT {
  private static final Pattern READY =
      Pattern.compile("ready: bus 127\\.0\\.0\\.1:(\\d+), http 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern CACHE_MADE = Pattern.compile("heartbus-server: prepared a quicker");
  private static final Pattern ANYTHING = Pattern.compile("\\S");
  private static final String CONFIGURATION =
      "heartbus.server { listen { host = 127.0.0.1, port = 0 }, http.port = 0 }";
  private static final String OPTIONS = "HEARTBUS_JAVA_OPTS";

  @TempDir private Path folder;

  private final List<JarProcess> processes = new ArrayList<>();
  private Path root;
  private Path jar;

  @BeforeEach
  void copyWhatIsInstalled() throws IOException {
    root = folder.resolve("heartbus");
    for (String part : List.of(".build", "conf", "server/bin", "client/bin", "load-test/bin")) {
      Path target = Files.createDirectories(root.resolve(part));
      try (Stream<Path> files = Files.list(repository().resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          copy(file, target);
        }
      }
    }
    copy(repository().resolve("pom.xml"), root);
    for (String module : List.of("server", "client", "load-test")) {
      Path built = Path.of(property("heartbus.jar." + module));
      copy(built, Files.createDirectories(root.resolve(module).resolve("target")));
    }
    jar = root.resolve("server/target/heartbus-server.jar");
    Files.writeString(folder.resolve("server.conf"), CONFIGURATION);
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (JarProcess process : processes) {
      process.end();
      // What prepares the next start holds on to the output and works in the folder.
      process.awaitExit();
    }
  }

  @Test
  void theServerIsLoadedAskedAndToldToEndAndIsQuickerTheNextTime() throws Exception {
    // At no low priority, which could take for ever on a busy machine.
    JarProcess first = server(CACHE_MADE, nice("shift 2; exec \"$@\""));
    Matcher _ = first.awaitLine();
    Matcher ready = READY.matcher(first.output());
    assertThat(ready.find()).as(first.output()).isTrue();
    String bus = "127.0.0.1:" + ready.group(1);
    String http = "127.0.0.1:" + ready.group(2);

    String load = "--scenario=heartbeat --nodes=20 --interval=1s --duration=2s --target=" + bus;
    assertThat(output(0, "load-test/bin/heartbus-load-test", load)).contains("20 connected");
    assertThat(output(0, "client/bin/heartbus", "nodes --http " + http)).contains("OFFLINE");
    stop(first);
    assertThat(first.output()).containsOnlyOnce("heartbus-server: ");
    assertThat(besidesTheJar()).containsExactly("heartbus-server.aot");

    Path classes = folder.resolve("classes.log");
    JarProcess second = server(READY, Map.of(OPTIONS, "-Xlog:class+load:file=" + classes));
    Matcher _ = second.awaitLine();
    stop(second);
    assertThat(second.output()).doesNotContain("heartbus-server: ");
    assertThat(Files.readString(classes))
        .containsPattern("io\\.heartbus\\.server\\.ServerMain source: shared objects file");
  }

  @Test
  void whatCannotBePreparedIsToldAndTriedOnceForEachJar() throws Exception {
    JarProcess server = server(READY, nice("echo 'not today'; exit 3"));
    Matcher _ = server.awaitLine();
    Path failed = jar.resolveSibling("heartbus-server.aot-failed");
    await(() -> Files.exists(failed));
    stop(server);
    assertThat(server.output())
        .contains("could not prepare a quicker start, " + failed)
        .containsOnlyOnce("heartbus-server: ");
    assertThat(failed).content().contains("not today");
    assertThat(besidesTheJar()).containsExactly("heartbus-server.aot-failed");
    assertThat(wouldPrepare()).isFalse();

    // Another jar, be it older, is another matter.
    FileTime time = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.fromMillis(time.toMillis() - 60_000));
    assertThat(wouldPrepare()).isTrue();
    Files.setLastModifiedTime(jar, time);
    assertThat(wouldPrepare()).isFalse();
    Files.delete(failed);
    assertThat(wouldPrepare()).isTrue();
  }

  @Test
  void whatPreparesTheNextStartEndsWithTheServerThatIsKilled() throws Exception {
    JarProcess server = server(READY, Map.of());
    Matcher _ = server.awaitLine();
    await(() -> learners() == 1);
    server.kill();
    assertThat(server.awaitExit()).isEqualTo(128 + 9);

    await(() -> learners() == 0);
    await(() -> besidesTheJar().isEmpty());
    assertThat(server.output()).doesNotContain("heartbus-server: ");
  }

  @Test
  void whatIsSetForTheServerIsNotForTheOneThatPreparesItsCache() throws Exception {
    String options = "-Dheartbus.server.listen.port=1 -Xmx9g -agentlib:x -XX:-UseCompressedOops";
    assertThat(shared("layout_of '" + options + "'")).isEqualTo(" -Xmx9g -XX:-UseCompressedOops");
  }

  @Test
  void optionsOfTheUserWinOverThoseOfTheFileAndUnknownOnesAreLeftOut() throws Exception {
    Path flags = root.resolve("conf/server.jvmargs");
    Files.writeString(flags, Files.readString(flags) + "\n-XX:+NoSuchFlag\n");
    assertThat(Files.readString(flags)).contains("-Xmx4g");

    JarProcess server = server(READY, Map.of(OPTIONS, "-Xmx200m -XX:+UseSerialGC"));
    Matcher _ = server.awaitLine();
    stop(server);
    assertThat(server.output())
        .containsPattern("heap 1\\d\\d MiB")
        .containsOnlyOnce("heartbus-server: ")
        .containsPattern("this JVM goes without -XX:\\+UseShenandoahGC.* -XX:\\+NoSuchFlag\n");
  }

  @Test
  void wrongUsageIsSaidAndExitsWithTwo() throws Exception {
    for (String launcher : List.of("client/bin/heartbus", "load-test/bin/heartbus-load-test")) {
      assertThat(output(2, launcher, "--no-such-option"))
          .hasLineCount(1)
          .contains("--no-such-option");
    }
    assertThat(output(2, "server/bin/heartbus-server", "--no-such-option"))
        .startsWith("Unknown option: '--no-such-option'");
    assertThat(output(2, "server/bin/heartbus-server", "--check --config no-such-file"))
        .hasLineCount(1)
        .contains("no-such-file");
  }

  private static Path repository() {
    return Path.of(property("heartbus.root")).toAbsolutePath().normalize();
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  private static void copy(Path file, Path into) throws IOException {
    Files.copy(file, into.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private JarProcess server(Pattern awaited, Map<String, String> environment) throws IOException {
    String file = folder.resolve("server.conf").toString();
    String launcher = root.resolve("server/bin/heartbus-server").toString();
    return start(List.of(launcher, "--config", file), awaited, environment);
  }

  /** What a command prints, all of it, when it ends with this exit code. */
  private String output(int code, String launcher, String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(root.resolve(launcher).toString()));
    command.addAll(List.of(arguments.split(" ", -1)));
    JarProcess process = start(command, ANYTHING, Map.of());
    assertThat(process.awaitExit()).as(process.output()).isEqualTo(code);
    return process.output();
  }

  /** An environment in which a shell runs this for nice. */
  private Map<String, String> nice(String script) throws IOException {
    Path nice = Files.createDirectory(folder.resolve("bin")).resolve("nice");
    Files.writeString(nice, "#!/bin/sh\n" + script + "\n");
    assertThat(nice.toFile().setExecutable(true)).isTrue();
    return Map.of("PATH", nice.getParent() + ":" + System.getenv("PATH"));
  }

  /** How many processes learn for a cache of this jar. */
  private long learners() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(command -> command.contains("AOTConfiguration=" + jar.getParent()))
        .count();
  }

  private List<String> besidesTheJar() {
    String[] names = Objects.requireNonNull(jar.getParent().toFile().list());
    return Stream.of(names).filter(name -> !name.equals("heartbus-server.jar")).toList();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("out of patience").isFalse();
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Whether a server that starts now would see to its cache. */
  private boolean wouldPrepare() throws Exception {
    return shared("lacks_cache && echo yes || true").equals("yes");
  }

  /** What a part of that which the launchers share prints. */
  private String shared(String part) throws Exception {
    String script = "root=$1; . \"$1/.build/launch.sh\"; " + part;
    List<String> command =
        List.of("bash", "-euo", "pipefail", "-c", script, "bash", root.toString());
    JarProcess process = start(command, ANYTHING, Map.of());
    assertThat(process.awaitExit()).as(process.output()).isZero();
    return process.output();
  }

  private JarProcess start(List<String> command, Pattern awaited, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches(".*_OPT(ION)?S|CONFIG_FORCE_.*"));
    builder.environment().put("JAVA_HOME", property("java.home"));
    builder.environment().putAll(environment);
    JarProcess process = JarProcess.start(builder, awaited);
    processes.add(process);
    return process;
  }

  private static void stop(JarProcess server) throws InterruptedException {
    server.terminate();
    assertThat(server.awaitExit()).as(server.output()).isZero();
  }
}
