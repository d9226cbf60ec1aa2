package io.heartbus.server.interleaving;

import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.channel.ChannelRouter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the server says about itself over HTTP, and the one sum that it keeps to itself. */
final class Figures {
  private final HeartbeatServer server;

  Figures(HeartbeatServer server) {
    this.server = server;
  }

  /**
   * The figures of one moment.
   *
   * @param connections open ones
   * @param online nodes
   * @param channels open ones
   * @param queued messages that wait
   * @param buffered the sum of what waits in all queues, in bytes
   */
  record Moment(long connections, long online, long channels, long queued, long buffered) {}

  Moment now() throws IOException {
    String summary = get("/api/v1/summary");
    String metrics = get("/metrics");
    long channels = number("\"channels\":(\\d+)", summary);
    if (channels != number("(?m)^heartbeat_channels_total ([\\d.E]+)", metrics)) {
      // Two questions, two moments.
      channels = -1;
    }
    return new Moment(
        number("\"connections\":(\\d+)", summary),
        number("\"ONLINE\":(\\d+)", summary),
        channels,
        number("(?m)^heartbeat_channel_queue_messages ([-\\d.E]+)", metrics),
        bufferedBytes());
  }

  private static long number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(pattern + " is not in " + text);
    }
    return (long) Double.parseDouble(matcher.group(1));
  }

  private String get(String path) throws IOException {
    InetSocketAddress http = server.httpAddress();
    URI uri = URI.create("http://127.0.0.1:" + http.getPort() + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private long bufferedBytes() {
    for (Field field : HeartbeatServer.class.getDeclaredFields()) {
      if (field.getType() == ChannelRouter.class) {
        try {
          field.setAccessible(true);
          return ((ChannelRouter) field.get(server)).bufferedBytes();
        } catch (IllegalAccessException impossible) {
          throw new AssertionError(impossible);
        }
      }
    }
    throw new AssertionError("the server has no router");
  }
}
