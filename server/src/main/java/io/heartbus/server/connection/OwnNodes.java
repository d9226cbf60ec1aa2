package io.heartbus.server.connection;

import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.channel.ChannelSettings;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.NodeTableSettings;
import io.heartbus.server.node.Roster;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The nodes that this server runs itself, to see what nodes see. They come in by the same door, and
 * are served and judged by the same code, but have books of their own and no limits: nobody counts,
 * lists or follows them. A connection is one of theirs if it comes from an address that was
 * announced; so that an address that somebody else got meanwhile opens nothing, they present a
 * secret besides.
 *
 * <p>Any thread.
 */
public final class OwnNodes {
  private static final int SECRET_BYTES = 16;

  private final ConnectionContext context;
  private final String secret;
  private final Set<InetSocketAddress> expected = ConcurrentHashMap.newKeySet();

  private OwnNodes(ConnectionContext context, String secret) {
    this.context = context;
    this.secret = secret;
  }

  /** None yet; they share with others what is not bookkeeping. */
  static OwnNodes beside(ConnectionContext others, RandomGenerator random) {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    String secret = HexFormat.of().formatHex(bytes);
    ConnectionSettings settings = unlimited(others.settings(), secret);
    NodeTable table = new NodeTable(new NodeTableSettings(0, 0, 0), others.wallClock());
    return new OwnNodes(
        new ConnectionContext(
            settings,
            others.deadlines(),
            answeringAll(others.policy()),
            table,
            new Roster(),
            others.clock(),
            others.wallClock(),
            new ConnectionCounts(),
            withoutRoutes(others, table),
            Doorkeeper.ofOwnNodes(settings, others.clock().nowNanos(), random),
            random),
        secret);
  }

  private static ConnectionSettings unlimited(ConnectionSettings others, String secret) {
    return new ConnectionSettings(
        Integer.MAX_VALUE,
        0,
        Integer.MAX_VALUE,
        others.registerTimeoutMs(),
        others.frameTimeoutMs(),
        others.writeTimeoutMs(),
        others.frameBytesMax(),
        others.connectionBudgetBytes(),
        others.outboxBytesMax(),
        0,
        false,
        secret);
  }

  private static HeartbeatPolicy answeringAll(HeartbeatPolicy others) {
    return new HeartbeatPolicy(
        others.intervalMs(),
        others.timeoutMs(),
        others.intervalMinMs(),
        others.timeoutMinMs(),
        others.intervalMaxMs(),
        others.timeoutMaxMs(),
        others.beatsPerSecondMax(),
        1);
  }

  private static ChannelRouter withoutRoutes(ConnectionContext context, NodeTable table) {
    ChannelSettings others = context.router().settings();
    return new ChannelRouter(
        new ChannelSettings(
            others.initialCreditBytes(),
            others.channelsPerConnectionMax(),
            others.queueMessagesMax(),
            others.messageBytesMax(),
            others.bufferedBytesMax(),
            List.of()),
        Map.of(),
        table,
        new PresenceLog(LogSettings.inMemory(1, 0), context.wallClock(), "", 0));
  }

  /** Where they are judged. */
  public NodeTable table() {
    return context.table();
  }

  /** Their connections. */
  public Roster roster() {
    return context.roster();
  }

  /** What went over their connections. */
  public ConnectionCounts counts() {
    return context.counts();
  }

  /** What they present in REGISTER. */
  public byte[] secret() {
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  /** The next connection from that address will be one of theirs; before it is made. */
  public void expect(InetSocketAddress local) {
    expected.add(local);
  }

  /** No connection from that address will come any more. */
  public void forget(InetSocketAddress local) {
    expected.remove(local);
  }

  /** Whether a connection from there is one of theirs; once. */
  boolean arrives(InetSocketAddress peer) {
    return expected.remove(peer);
  }

  ConnectionContext context() {
    return context;
  }
}
