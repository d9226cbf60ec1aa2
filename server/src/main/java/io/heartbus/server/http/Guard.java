package io.heartbus.server.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rule that keeps web pages out. A page that somebody on this machine looks at can make their
 * browser send requests here; but the browser says in Origin which page it was, and a page that has
 * its own name resolve to this address still says that name in Host. Pure.
 */
final class Guard {
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+(?:%[^\\]]*)?\\]|[^\\[\\]:]+)(?::(\\d{1,5}))?");
  private static final Pattern IPV4 =
      Pattern.compile("(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  private static final Pattern ORIGIN = Pattern.compile("https?://([^/?#@]+)");

  private final String ownHost;

  /** A guard for a server that is known by {@code ownHost}, by localhost and by any address. */
  Guard(String ownHost) {
    this.ownHost = ownHost;
  }

  /**
   * Looks at the headers of a request.
   *
   * @param hosts all values of Host; none at all is fine, no browser leaves it out
   * @param origins all values of Origin
   */
  void check(List<String> hosts, List<String> origins) throws Refusal {
    if (hosts.size() > 1) {
      throw Refusal.badRequest("more than one Host");
    }
    @Nullable String host = hosts.isEmpty() ? null : hosts.getFirst();
    if (host != null && !isOwn(host)) {
      throw new Refusal(
          Refusal.FORBIDDEN,
          "foreign Host: use an address, localhost, or the name that http.host says");
    }
    for (String origin : origins) {
      if (host == null || !isSame(origin, host)) {
        throw new Refusal(Refusal.FORBIDDEN, "foreign Origin: pages of other sites are kept out");
      }
    }
  }

  private boolean isOwn(String authority) {
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      return false;
    }
    String name = parts.group(1);
    return name.startsWith("[")
        || IPV4.matcher(name).matches()
        || name.equalsIgnoreCase("localhost")
        || name.equalsIgnoreCase(ownHost);
  }

  private static boolean isSame(String origin, String host) {
    Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
    return parts.matches() && parts.group(1).equals(host.toLowerCase(Locale.ROOT));
  }
}
