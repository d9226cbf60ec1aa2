package io.heartbus.server;

import io.heartbus.server.node.Sweeper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code heartbus-server}. Exit codes: 0 fine, 1 failed at work, 2 wrong usage or
 * configuration, a port that is taken among them.
 */
@Command(
    name = "heartbus-server",
    description = "Knows which nodes are alive, says so at once, and carries their messages.",
    footer = {
      "",
      "-Dheartbus.server.KEY=VALUE (a JVM flag) and CONFIG_FORCE_heartbus_server_KEY=VALUE (in the",
      "environment) outrank the file. SIGTERM drains and ends the server."
    },
    mixinStandardHelpOptions = true,
    versionProvider = ServerMain.Version.class)
public final class ServerMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);
  private static final Path FILE = Path.of("conf", "server.conf");
  private static final int WRONG = 2;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "What differs from the defaults; conf/server.conf if there is one.")
  private @Nullable Path file;

  @Option(names = "--check", description = "Only look whether the configuration is right.")
  private boolean check;

  @Spec private @Nullable CommandSpec command;

  private ServerMain() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ServerMain()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    long startNanos = System.nanoTime();
    ServerConfig config;
    try {
      config = configuration();
      HeartbeatServer.check(config);
    } catch (ConfigurationException wrong) {
      return complain(wrong);
    }
    if (check) {
      say((file == null ? FILE : file) + ": fine");
      return 0;
    }
    HostLimits limits = HostLimits.ofThisProcess();
    LOG.info("limits of this machine: {}", limits.summary());
    limits
        .shortages(config.connections().connectionsMax(), config.listen().backlog())
        .forEach(LOG::warn);
    if (config.connections().authToken() == null && !onlyHere(config.listen().host())) {
      LOG.warn(
          "listen.host = {} can be reached from elsewhere, and without auth.token everybody there"
              + " may register",
          config.listen().host());
    }

    HeapTarget.follow();
    Carriers.govern();
    Ending ending = new Ending();
    Runtime.getRuntime().addShutdownHook(ending);
    HeartbeatServer server;
    try {
      server = HeartbeatServer.start(config);
    } catch (IOException | ConfigurationException impossible) {
      Runtime.getRuntime().removeShutdownHook(ending);
      return complain(impossible);
    } catch (RuntimeException | Error surprise) {
      Runtime.getRuntime().removeShutdownHook(ending);
      throw surprise;
    }
    ending.server = server;
    LOG.info(
        "offline verdicts by silence at most {} ms after the timeout",
        Sweeper.promisedMs(config.checkIntervalMs()));
    LOG.info(
        "ready: bus {}, http {}, version {}, started in {} ms",
        shown(server.busAddress()),
        shown(server.httpAddress()),
        Version.TEXT,
        (System.nanoTime() - startNanos) / 1_000_000);
    CompilerPriority.lower();
    server.rehearse();
    // From here on a signal is the only way out.
    new CountDownLatch(1).await();
    return 0;
  }

  /** Whether only this machine can reach a listener on that address. */
  private static boolean onlyHere(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      // To listen there will fail, and say so.
      return true;
    }
  }

  private ServerConfig configuration() {
    if (file != null) {
      return ServerConfig.load(file);
    }
    if (Files.exists(FILE)) {
      return ServerConfig.load(FILE);
    }
    LOG.info("there is no {}, so the defaults count", FILE);
    return ServerConfig.withoutFile();
  }

  private int complain(Exception wrong) {
    PrintWriter err = commandLine().getErr();
    err.println("heartbus-server: " + (wrong.getMessage() == null ? wrong : wrong.getMessage()));
    return WRONG;
  }

  private void say(String line) {
    commandLine().getOut().println(line);
  }

  private CommandLine commandLine() {
    if (command == null) {
      throw new IllegalStateException("picocli sets it before it calls");
    }
    return command.commandLine();
  }

  /** The address as another program can use it; a wildcard the same on all machines. */
  private static String shown(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    if (host.isAnyLocalAddress()) {
      return "0.0.0.0:" + address.getPort();
    }
    String text = host.getHostAddress();
    return (host instanceof Inet6Address ? "[" + text + "]" : text) + ":" + address.getPort();
  }

  /**
   * What happens on SIGTERM and SIGINT: nodes are told to go, then the process ends with exit code
   * 0. A JVM that a signal ends says 143 otherwise, which supervisors take for a failure.
   */
  private static final class Ending extends Thread {
    private volatile @Nullable HeartbeatServer server;

    Ending() {
      super("ending");
    }

    @Override
    public void run() {
      HeartbeatServer running = server;
      int exitCode = 0;
      if (running != null) {
        try (running) {
          LOG.info("told to end: draining");
          running.drain();
        } catch (InterruptedException | RuntimeException surprise) {
          LOG.warn("the end did not go well", surprise);
          exitCode = 1;
        }
        LOG.info("ended");
      }
      Runtime.getRuntime().halt(exitCode);
    }
  }

  /** The version of the jar that this class came in. */
  static final class Version implements CommandLine.IVersionProvider {
    static final String TEXT = text();

    @Override
    public String[] getVersion() {
      return new String[] {"heartbus-server " + TEXT};
    }

    private static String text() {
      String version = ServerMain.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }
}
