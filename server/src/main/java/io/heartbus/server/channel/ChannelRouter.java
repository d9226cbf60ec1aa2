package io.heartbus.server.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which handler serves a channel of that name; also what all channels of a server share. */
public final class ChannelRouter {
  private record Rule(Pattern pattern, Binding binding) {}

  private final List<Rule> rules = new ArrayList<>();
  private final ChannelSettings settings;
  private final ChannelCounts counts = new ChannelCounts();
  private final BufferedBytes buffered;

  /**
   * A router for the routes of the settings.
   *
   * @throws IllegalArgumentException for a handler that there is not
   */
  public ChannelRouter(ChannelSettings settings) {
    this.settings = settings;
    this.buffered = new BufferedBytes(settings.bufferedBytesMax());
    for (Route route : settings.routes()) {
      rules.add(new Rule(pattern(route.match()), new Binding(route, BuiltInHandlers.of(route))));
    }
  }

  private static Pattern pattern(String match) {
    StringBuilder regex = new StringBuilder();
    for (String literal : match.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
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
