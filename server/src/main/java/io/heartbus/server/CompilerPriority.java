package io.heartbus.server;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The priority of the threads that compile for speed: lower than that of everything else in this
 * process. When a fleet comes back to a server that has just started, they are busiest just when
 * nobody has a processor to spare. What they make pays off later, so they may wait; with a
 * processor idle they lose nothing. The compiler that is quick (C1) is left alone, because without
 * it code is interpreted.
 *
 * <p>Linux only, where a thread has a nice value of its own. Java gives these threads no priority
 * but by {@code -XX:ThreadPriorityPolicy}, which changes all others, too, and warns who is not
 * root.
 */
final class CompilerPriority {
  /** What nice(1) adds by default: a tenth of what a competitor for the same processor gets. */
  private static final int NICE = 10;

  private static final Logger LOG = LoggerFactory.getLogger(CompilerPriority.class);
  private static final Path THREADS = Path.of("/proc/self/task");

  /** The kernel keeps the first 15 characters of a name: C2 CompilerThread0 and so on. */
  private static final String COMPILER = "C2 CompilerThre";

  /** The first argument of setpriority(2): the second is a thread. */
  private static final int PRIO_PROCESS = 0;

  private CompilerPriority() {}

  /**
   * Lowers it for good. A system without such threads or priorities is left as it is, and so is a
   * JVM that was not told that this jar may call native code ({@code --enable-native-access}).
   */
  static void lower() {
    if (!CompilerPriority.class.getModule().isNativeAccessEnabled()) {
      return;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      MethodHandle setPriority = setPriority();
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).startsWith(COMPILER)) {
          int id = Integer.parseInt(thread.getFileName().toString());
          int result = (int) setPriority.invokeExact(PRIO_PROCESS, id, NICE);
          LOG.debug("thread {}, a compiler, has nice {}: {}", id, NICE, result == 0);
        }
      }
    } catch (Throwable notHere) {
      LOG.debug("compilers have the priority of all others", notHere);
    }
  }

  @SuppressWarnings("restricted") // It takes three numbers and touches no memory.
  private static MethodHandle setPriority() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("setpriority"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  }
}
