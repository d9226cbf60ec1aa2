package io.heartbus.loadtest.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people like to read them; a dash for what is not known. Pure. */
final class Numbers {
  static final String UNKNOWN = "–";

  private static final double KIBI = 1024;
  private static final long SECONDS_PER_MINUTE = 60;
  private static final long SECONDS_PER_HOUR = 3600;
  private static final double MILLIS_PER_SECOND = 1000;

  /** From here on nobody counts digits. */
  private static final double HUGE = 1e15;

  private static final double TINY = 1e-4;

  private Numbers() {}

  /** Three digits that matter, all of those before the point, and none behind a whole number. */
  static String plain(double value) {
    double size = Math.abs(value);
    if (Double.isNaN(value)) {
      return UNKNOWN;
    }
    if (size >= HUGE || (size > 0 && size < TINY)) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size >= 10) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
    return size >= 0.1
        ? String.format(Locale.ROOT, "%.2f", value)
        : new BigDecimal(value).round(new MathContext(2)).toPlainString();
  }

  /** As short as it can be, for an axis: 250, 10k, 2.5M. */
  static String brief(double value) {
    if (value >= HUGE || (value > 0 && value < TINY)) {
      return String.format(Locale.ROOT, "%.0e", value);
    }
    String prefix = value >= 1e9 ? "G" : value >= 1e6 ? "M" : value >= 1e4 ? "k" : "";
    double unit = value >= 1e9 ? 1e9 : value >= 1e6 ? 1e6 : value >= 1e4 ? 1e3 : 1;
    BigDecimal digits = new BigDecimal(value / unit).round(new MathContext(6));
    return (digits.signum() == 0 ? "0" : digits.stripTrailingZeros().toPlainString()) + prefix;
  }

  /** Four digits that matter and no sign between them, for a script. */
  static String exact(double value) {
    return Double.isNaN(value)
        ? ""
        : new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toString();
  }

  /** With its unit; not known stays a dash. */
  static String with(String unit, double value) {
    return Double.isNaN(value) ? UNKNOWN : plain(value) + " " + unit;
  }

  static String perSecond(double value) {
    return Double.isNaN(value) ? UNKNOWN : plain(value) + "/s";
  }

  /** Long ones in seconds. */
  static String millis(double value) {
    return value >= 10 * MILLIS_PER_SECOND
        ? with("s", value / MILLIS_PER_SECOND)
        : with("ms", value);
  }

  static String bytes(double value) {
    if (value < KIBI) {
      return with("bytes", value);
    }
    if (value < KIBI * KIBI) {
      return with("KiB", value / KIBI);
    }
    return value < KIBI * KIBI * KIBI
        ? with("MiB", value / KIBI / KIBI)
        : with("GiB", value / KIBI / KIBI / KIBI);
  }

  /** 8.3 s, 12 min 5 s, 1 h. */
  static String seconds(double value) {
    if (!(value >= SECONDS_PER_MINUTE)) {
      return with("s", value);
    }
    return value < SECONDS_PER_HOUR
        ? parts(value, SECONDS_PER_MINUTE, "min", "s")
        : parts(value / SECONDS_PER_MINUTE, SECONDS_PER_MINUTE, "h", "min");
  }

  private static String parts(double value, long size, String large, String small) {
    long whole = Math.round(value);
    String rest = whole % size == 0 ? "" : " " + whole % size + " " + small;
    return String.format(Locale.ROOT, "%,d %s%s", whole / size, large, rest);
  }
}
