import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.AuditEvent;
import com.puppycrawl.tools.checkstyle.api.AuditListener;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks (or formats) every Java source below the given folders, all in one JVM: google-java-format
 * first, then the limits of {@code checkstyle.xml}. Run by Maven; the arguments are {@code check}
 * or {@code format}, the folder of this file, and the folders to look into.
 */
final class SourceChecks {
  private static final String FORMAT_COMMAND = "mvn -q -Pformat -pl .build process-sources";

  private final AtomicInteger faults = new AtomicInteger();

  public static void main(String[] args) throws IOException, CheckstyleException {
    List<String> arguments = List.of(args);
    boolean rewrite = arguments.get(0).equals("format");
    Path home = Path.of(arguments.get(1));
    List<Path> sources = new ArrayList<>();
    sources.add(home.resolve("SourceChecks.java"));
    for (String folder : arguments.subList(2, arguments.size())) {
      sources.addAll(sourcesBelow(Path.of(folder)));
    }
    SourceChecks checks = new SourceChecks();
    List<Path> readable = checks.format(sources, rewrite);
    if (!rewrite) {
      checks.checkLimits(readable, home.resolve("checkstyle.xml"));
    }
    if (checks.faults.get() > 0) {
      System.err.println(checks.faults + " faults in " + sources.size() + " sources");
      System.exit(1);
    }
  }

  private static List<Path> sourcesBelow(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** Returns those that are Java at all; Checkstyle would stop at the first that is not. */
  private List<Path> format(List<Path> sources, boolean rewrite) {
    return sources.parallelStream().filter(source -> format(source, rewrite)).toList();
  }

  private boolean format(Path source, boolean rewrite) {
    try {
      String text = Files.readString(source);
      String formatted = new Formatter().formatSourceAndFixImports(text);
      if (formatted.equals(text)) {
        return true;
      }
      if (rewrite) {
        Files.writeString(source, formatted);
        System.out.println("formatted " + source);
      } else {
        complain(source, firstDifference(text, formatted), "not formatted; run: " + FORMAT_COMMAND);
      }
      return true;
    } catch (FormatterException e) {
      e.diagnostics().forEach(fault -> complain(source, fault.line(), fault.message()));
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkLimits(List<Path> sources, Path limits) throws CheckstyleException {
    var configuration =
        ConfigurationLoader.loadConfiguration(
            limits.toString(), new PropertiesExpander(new Properties()));
    Checker checker = new Checker();
    checker.setModuleClassLoader(Checker.class.getClassLoader());
    checker.configure(configuration);
    checker.addListener(new Complaints());
    checker.process(sources.stream().map(Path::toAbsolutePath).map(Path::toFile).toList());
    checker.destroy();
  }

  private static int firstDifference(String text, String formatted) {
    List<String> actual = text.lines().toList();
    List<String> wanted = formatted.lines().toList();
    int line = 0;
    while (line < actual.size()
        && line < wanted.size()
        && actual.get(line).equals(wanted.get(line))) {
      line++;
    }
    return line + 1;
  }

  private void complain(Path source, int line, String fault) {
    faults.incrementAndGet();
    System.err.println(source + ":" + line + ": " + fault);
  }

  /** Turns what Checkstyle finds into the same one line per fault. */
  private final class Complaints implements AuditListener {
    @Override
    public void addError(AuditEvent event) {
      complain(relative(event), event.getLine(), event.getMessage());
    }

    @Override
    public void addException(AuditEvent event, Throwable cause) {
      complain(relative(event), event.getLine(), cause.toString());
    }

    private static Path relative(AuditEvent event) {
      return Path.of("").toAbsolutePath().relativize(Path.of(event.getFileName()));
    }

    @Override
    public void auditStarted(AuditEvent event) {}

    @Override
    public void auditFinished(AuditEvent event) {}

    @Override
    public void fileStarted(AuditEvent event) {}

    @Override
    public void fileFinished(AuditEvent event) {}
  }
}
