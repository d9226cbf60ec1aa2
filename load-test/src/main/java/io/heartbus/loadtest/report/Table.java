package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of text below a heading; a table wider than the page scrolls in a box of its own. Owned by
 * one thread.
 */
final class Table {
  private final String caption;
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();
  private int proseColumn = -1;

  Table(String caption, String... head) {
    this.caption = caption;
    this.head = List.of(head);
  }

  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  void row(String... cells) {
    row(List.of(cells));
  }

  /** The cells of this column are long and break. */
  void prose(int column) {
    proseColumn = column;
  }

  int size() {
    return rows.size();
  }

  /** Writes it; nothing when it has no rows. */
  void write(Markup out) {
    write(out, "figures");
  }

  /** The same in another style. */
  void write(Markup out, String style) {
    if (rows.isEmpty()) {
      return;
    }
    out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
    out.open("table", "class", style).element("caption", caption);
    if (!head.isEmpty()) {
      out.open("thead").open("tr");
      head.forEach(cell -> out.element("th", cell, "scope", "col"));
      out.close().close();
    }
    out.open("tbody");
    for (List<String> row : rows) {
      out.open("tr").element("th", row.getFirst(), "scope", "row");
      for (int column = 1; column < row.size(); column++) {
        if (column == proseColumn) {
          out.open("td", "class", "prose").words(row.get(column)).close();
        } else {
          out.element("td", row.get(column));
        }
      }
      out.close();
    }
    out.close().close().close();
  }
}
