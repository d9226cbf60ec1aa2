package io.heartbus.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.databind.node.ObjectNode;

class HistogramChartTest {
  @Test
  void eachKindWithDataHasAChartWithItsPercentiles() {
    ObjectNode report = Reports.plain();
    Reports.bucket(report, "heartbeats", 0.2, 0.4, 3_000);
    Reports.bucket(report, "heartbeats", 0.4, 0.8, 0);
    Reports.bucket(report, "heartbeats", 12.8, 25.6, 1);
    Reports.bucket(report, "connects", 1, 2, 7);
    report.withObjectProperty("histograms").putArray("messages");
    Document document = Reports.parse(HtmlReport.render(report));

    assertThat(Reports.elements(document, "figure")).hasSize(2);
    assertThat(Reports.texts(document, "h3")).contains("Heartbeats", "Connects");
    assertThat(Reports.texts(document, "text"))
        .contains("\u2002p50 0.40 ms", "p99 8.30 ms\u2002", "p99.9 12.1 ms\u2002")
        .contains("max 21.4 ms\u2002");
    assertThat(Reports.texts(document, "rect"))
        .containsExactly("0.20 to 0.40 ms: 3,000", "12.8 to 25.6 ms: 1", "1 to 2 ms: 7");
    assertThat(Reports.texts(document, "desc"))
        .contains("3,001 measured; p50 0.40 ms, p99 8.30 ms, p99.9 12.1 ms, max 21.4 ms");
  }

  @Test
  void bucketsFromZeroAndWithoutSenseDoNoHarm() {
    ObjectNode report = Reports.plain();
    Reports.bucket(report, "heartbeats", 0, 0.5, 10);
    Reports.bucket(report, "heartbeats", 3, 2, 10);
    Reports.bucket(report, "heartbeats", 5, 6, -1);
    Reports.bucket(report, "heartbeats", 1, 1e300, 1);
    Document document = Reports.parse(HtmlReport.render(report));

    assertThat(Reports.elements(document, "rect"))
        .hasSize(2)
        .allSatisfy(bar -> {
          for (String side : List.of("x", "y", "width", "height")) {
            assertThat(Double.parseDouble(bar.getAttribute(side))).isBetween(0.0, 1_000.0);
          }
        });
  }

  @Test
  void withoutHistogramsThePageSaysSo() {
    assertThat(Reports.texts(Reports.parse(HtmlReport.render(Reports.plain())), "p"))
        .contains("Not measured: this report has no histograms.");
  }
}
