package io.heartbus.loadtest;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists of addresses as people write them: {@code 127.0.0.1-127.0.0.40,10.0.0.7}. Pure; asks no
 * name server.
 */
final class SourceAddresses {
  /** Addresses that one list may hold. */
  static final int ADDRESSES_MAX = 65_536;

  private static final Pattern IPV4_RANGE = Pattern.compile("([0-9.]+)\\s*-\\s*([0-9.]+)");

  private SourceAddresses() {}

  /**
   * The addresses that the text names, in its order.
   *
   * @throws UsageException when it is no such list
   */
  static List<InetAddress> parse(String text) throws UsageException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (isRange(part)) {
        addresses.addAll(range(part));
      } else {
        addresses.add(literal(part.strip()));
      }
      bound(addresses.size());
    }
    return addresses;
  }

  /** Whether the text has the form of a range of IPv4 addresses. */
  static boolean isRange(String text) {
    return IPV4_RANGE.matcher(text.strip()).matches();
  }

  /**
   * The addresses from the first to the last of a range, both included.
   *
   * @throws UsageException when the text is no range, or one that runs backwards
   */
  static List<InetAddress> range(String text) throws UsageException {
    Matcher range = IPV4_RANGE.matcher(text.strip());
    if (!range.matches()) {
      throw new UsageException("'" + text.strip() + "' is no range of IPv4 addresses");
    }
    long first = number(literal(range.group(1)));
    long last = number(literal(range.group(2)));
    if (last < first) {
      throw new UsageException("the range '" + text.strip() + "' runs backwards");
    }
    bound(last - first + 1);
    List<InetAddress> addresses = new ArrayList<>();
    for (long address = first; address <= last; address++) {
      addresses.add(address(address));
    }
    return addresses;
  }

  private static InetAddress literal(String text) throws UsageException {
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      // Java takes 10.7 for 10.0.0.7, which is rarely what was meant.
      if (!(address instanceof Inet4Address) || address.getHostAddress().equals(text)) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // The same complaint.
    }
    throw new UsageException("'" + text + "' is no IP address");
  }

  private static void bound(long count) throws UsageException {
    if (count > ADDRESSES_MAX) {
      throw new UsageException("at most " + ADDRESSES_MAX + " addresses, not " + count);
    }
  }

  private static long number(InetAddress address) throws UsageException {
    if (!(address instanceof Inet4Address)) {
      throw new UsageException(address.getHostAddress() + " is no IPv4 address");
    }
    return Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt());
  }

  private static InetAddress address(long number) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt((int) number).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
