package io.heartbus.server.channel;

import io.heartbus.protocol.Wire;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.presence.PresenceLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which handler serves a channel of that name; also what all channels of a server share. */
public final class ChannelRouter implements AutoCloseable {
  private record Rule(Pattern pattern, Binding binding) {}

  private final List<Rule> rules = new ArrayList<>();
  private final ChannelSettings settings;
  private final ChannelCounts counts = new ChannelCounts();
  private final BufferedBytes buffered;
  private final Deliveries deliveries;
  private final Set<Thread> applications = ConcurrentHashMap.newKeySet();
  private final boolean opensDefaultChannels;

  /**
   * A router for an application's handlers, by name or pattern, and then the routes of the
   * settings.
   *
   * @param log for those who watch what happens to nodes
   * @throws IllegalArgumentException for a handler that there is not
   */
  public ChannelRouter(
      ChannelSettings settings,
      Map<String, ChannelHandler> applications,
      NodeTable nodes,
      PresenceLog log) {
    this.settings = settings;
    this.buffered = new BufferedBytes(settings.bufferedBytesMax());
    Topics topics = new Topics();
    this.deliveries = new Deliveries(nodes, topics, settings, counts);
    applications.forEach((match, handler) -> add(Binding.of(route(match, settings), handler)));
    BuiltInHandlers handlers = new BuiltInHandlers(nodes, log, topics, counts, buffered);
    settings.routes().forEach(route -> add(handlers.bind(route)));
    Binding usual = route(Wire.DEFAULT_CHANNEL_NAME);
    opensDefaultChannels = usual != null && usual.wantsEveryChannel();
  }

  private static Route route(String match, ChannelSettings settings) {
    return new Route(
        match,
        "application",
        settings.queueMessagesMax(),
        Overflow.BLOCK,
        settings.messageBytesMax());
  }

  private void add(Binding binding) {
    rules.add(new Rule(pattern(binding.route().match()), binding));
  }

  /** For messages from outside the bus. */
  public Deliveries deliveries() {
    return deliveries;
  }

  private static Pattern pattern(String match) {
    StringBuilder regex = new StringBuilder();
    for (String literal : match.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** The threads that run code of applications. */
  Set<Thread> applications() {
    return applications;
  }

  /**
   * Whether somebody waits for the default channel of every node, also of one that says nothing.
   */
  public boolean opensDefaultChannels() {
    return opensDefaultChannels;
  }

  /** Interrupts what applications still do: their nodes are gone. */
  @Override
  public void close() {
    applications.forEach(Thread::interrupt);
  }

  /** The first route that matches; null when none does. */
  @Nullable Binding route(String name) {
    for (Rule rule : rules) {
      if (rule.pattern().matcher(name).matches()) {
        return rule.binding();
      }
    }
    return null;
  }

  public ChannelSettings settings() {
    return settings;
  }

  public ChannelCounts counts() {
    return counts;
  }

  /** What waits in all queues, in bytes. */
  public long bufferedBytes() {
    return buffered.sum();
  }

  BufferedBytes buffered() {
    return buffered;
  }
}
