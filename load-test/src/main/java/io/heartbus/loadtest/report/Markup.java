package io.heartbus.loadtest.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Markup in the making that browsers read as HTML and that is XML as well. All text and every value
 * of an attribute is escaped. Owned by one thread. Attributes are given as name, value, name,
 * value.
 */
final class Markup {
  private static final Set<String> ON_A_NEW_LINE =
      Set.of("head", "body", "section", "figure", "header", "footer", "div", "table", "tr", "ul");

  private static final int REPLACEMENT = 0xFFFD;

  private final StringBuilder out = new StringBuilder("<!DOCTYPE html>\n");
  private final Deque<String> open = new ArrayDeque<>();

  /** Begins an element. */
  Markup open(String tag, String... attributes) {
    begin(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Ends the innermost element that is open. */
  Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element that can have no content. */
  Markup leaf(String tag, String... attributes) {
    begin(tag, attributes);
    out.append("/>");
    return this;
  }

  /** An element with nothing but text. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** Text that breaks at its spaces only: a flag that is broken at its hyphen reads as two. */
  Markup words(String text) {
    for (String word : text.split(" ", -1)) {
      element("span", word).text(" ");
    }
    return this;
  }

  /** A style sheet or a script of ours, which browsers take as it is and XML would not. */
  Markup verbatim(String tag, String content) {
    open(tag);
    out.append("/*<![CDATA[*/\n").append(content).append("/*]]>*/");
    return close();
  }

  /** The whole document, which must have been closed. */
  String document() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return out + "\n";
  }

  private void begin(String tag, String... attributes) {
    if (ON_A_NEW_LINE.contains(tag)) {
      out.append('\n');
    }
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(character -> {
          switch (character) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> out.appendCodePoint(isAllowed(character) ? character : REPLACEMENT);
          }
        });
  }

  /** XML has no place for the others, however they are written. */
  private static boolean isAllowed(int character) {
    return character == '\t'
        || character == '\n'
        || character == '\r'
        || (character >= 0x20 && character <= 0xD7FF)
        || (character >= 0xE000 && character <= 0xFFFD)
        || character > 0xFFFF;
  }
}
