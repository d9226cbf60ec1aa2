package io.heartbus.server.channel;

import org.jspecify.annotations.Nullable;

/**
 * A route and what serves it: a built-in one that is called for each message, or an application's
 * that owns a thread for each channel and takes messages itself.
 */
record Binding(Route route, MessageHandler handler, @Nullable ChannelHandler application) {
  private static final MessageHandler NOT_CALLED =
      (channel, message) -> {
        throw new IllegalStateException("an application takes its messages itself");
      };

  static Binding of(Route route, MessageHandler handler) {
    return new Binding(route, handler, null);
  }

  /** Whether it has something to do with a channel on which nothing was said yet. */
  boolean wantsEveryChannel() {
    return application != null || handler.wantsEveryChannel();
  }

  static Binding of(Route route, ChannelHandler application) {
    return new Binding(route, NOT_CALLED, application);
  }
}
