package io.heartbus.loadtest;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of each setting as what it should be: a number, a duration, a word. Immutable. Every
 * complaint names the flag, or the file and line, that it is about.
 */
final class SettingValues {
  static final String AUTO = "auto";
  static final String NONE = "none";
  static final Duration ONE_MILLISECOND = Duration.ofMillis(1);

  /** Where a value comes from that a flag sets. */
  static final String COMMAND_LINE = "command line";

  private static final Duration LONGEST = Duration.ofDays(30);

  private final Config config;

  SettingValues(Config config) {
    this.config = config;
  }

  boolean is(Setting setting, String word) {
    return text(setting).equals(word);
  }

  String text(Setting setting) {
    return config.getString(setting.path());
  }

  /** Whether a flag sets it. */
  boolean byFlag(Setting setting) {
    return origin(setting).equals(COMMAND_LINE);
  }

  boolean truth(Setting setting) throws UsageException {
    try {
      return config.getBoolean(setting.path());
    } catch (ConfigException e) {
      throw complaint(setting, "'" + text(setting) + "' is neither true nor false");
    }
  }

  double number(Setting setting, double min, double max) throws UsageException {
    try {
      double value = Double.parseDouble(text(setting));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same complaint as for a number out of range.
    }
    throw noNumber(setting, min, max);
  }

  /** A number without a fraction. */
  int count(Setting setting, int min, int max) throws UsageException {
    double value = number(setting, min, max);
    if (value != Math.rint(value)) {
      throw noNumber(setting, min, max);
    }
    return (int) value;
  }

  /** A size, as in 100 or 64 KiB. */
  int bytes(Setting setting, int min, int max) throws UsageException {
    try {
      long value = config.getBytes(setting.path());
      if (value >= min && value <= max) {
        return (int) value;
      }
    } catch (ConfigException e) {
      // The same complaint as for a size out of range.
    }
    throw complaint(
        setting,
        String.format(
            "'%s' is no size from %d to %d bytes, as in 100 or 64 KiB", text(setting), min, max));
  }

  Duration duration(Setting setting, Duration min) throws UsageException {
    String text = text(setting).strip();
    // HOCON reads a bare number as milliseconds, which nobody means who writes "60".
    if (!text.isEmpty() && !Character.isDigit(text.charAt(text.length() - 1))) {
      try {
        Duration value = config.getDuration(setting.path());
        if (value.compareTo(min) >= 0 && value.compareTo(LONGEST) <= 0) {
          return value;
        }
      } catch (ConfigException e) {
        // The same complaint as for a duration out of range.
      }
    }
    throw complaint(setting, "'" + text + "' is no duration up to 30 days, as in 10 s or 500 ms");
  }

  Duration durationOr(Setting setting, String word, int seconds) throws UsageException {
    return is(setting, word) ? Duration.ofSeconds(seconds) : duration(setting, ONE_MILLISECOND);
  }

  /** Addresses of servers, one at least. */
  List<InetSocketAddress> addresses(Setting setting) throws UsageException {
    try {
      return TargetAddresses.parse(text(setting));
    } catch (UsageException e) {
      throw complaint(setting, e.complaint());
    }
  }

  /** The address of one server. */
  InetSocketAddress address(Setting setting) throws UsageException {
    List<InetSocketAddress> servers = addresses(setting);
    if (servers.size() != 1) {
      throw complaint(setting, "there is one server to ask, not " + servers.size());
    }
    return servers.getFirst();
  }

  /**
   * A file that can be written; null for none.
   *
   * @throws UsageException when there is no such folder, which had better come out before the run
   */
  @Nullable Path file(Setting setting) throws UsageException {
    if (is(setting, NONE)) {
      return null;
    }
    Path file = Path.of(text(setting)).toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw complaint(setting, "cannot write the file " + file);
    }
    return file;
  }

  UsageException complaint(Setting setting, String what) {
    return new UsageException(
        byFlag(setting)
            ? setting.flag() + ": " + what
            : origin(setting) + ": " + setting.path() + ": " + what);
  }

  private UsageException noNumber(Setting setting, double min, double max) {
    String range = String.format("from %s to %s", plain(min), plain(max));
    return complaint(setting, "'" + text(setting) + "' is no number " + range);
  }

  private String origin(Setting setting) {
    ConfigValue value = config.getValue(setting.path());
    return value.origin().description();
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
