package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel says of the compilers of a JVM of its own. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class CompilerPriorityTest {
  private static final String C1 = "C1 CompilerThre";
  private static final String C2 = "C2 CompilerThre";

  /** Where proc(5) has the nice value, counted from behind the thread's name. */
  private static final int NICE_FIELD = 16;

  @Test
  void theCompilerForSpeedYieldsToEverythingElse() throws Exception {
    String said = lowered("--enable-native-access=ALL-UNNAMED");
    assertThat(said.lines()).contains(C2 + " 10", C1 + " 0").hasSize(2);
  }

  @Test
  void whoMayNotCallNativeCodeIsLeftAloneWithoutAWarning() throws Exception {
    String said = lowered("--enable-native-access=java.base");
    assertThat(said.lines()).contains(C2 + " 0", C1 + " 0").hasSize(2);
  }

  /** What {@link Subject} and its JVM say. */
  private static String lowered(String flag) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flag, "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Subject.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Lowers, and prints the nice values of this JVM's compilers. */
  static final class Subject {
    private Subject() {}

    public static void main(String[] arguments) throws IOException {
      CompilerPriority.lower();
      TreeMap<String, String> niceByName = new TreeMap<>();
      try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
        for (Path thread : threads.toList()) {
          String stat = Files.readString(thread.resolve("stat"));
          int nameEnd = stat.lastIndexOf(')');
          String name = stat.substring(stat.indexOf('(') + 1, nameEnd);
          if (name.equals(C1) || name.equals(C2)) {
            List<String> fields = Arrays.asList(stat.substring(nameEnd + 2).split(" "));
            niceByName.put(name, fields.get(NICE_FIELD));
          }
        }
      }
      niceByName.forEach((name, nice) -> System.out.println(name + " " + nice));
    }
  }
}
