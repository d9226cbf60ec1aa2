package io.heartbus.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.node.ObjectNode;

class TimeChartsTest {
  @Test
  void everySeriesHasItsLine() {
    Document document = render(Reports.withSeries(30));

    assertThat(Reports.elements(document, "figure")).hasSize(15);
    assertThat(lines(document)).hasSameSizeAs(Reports.COLUMNS);
    assertThat(missing(document)).isEmpty();
  }

  @Test
  void chartsOfWhatWasNotMeasuredAreLeftOutAndNamed() {
    ObjectNode report = Reports.withSeries(30);
    ObjectNode series = (ObjectNode) report.get("series");
    series.remove(List.of("serverNodes", "serverRssBytes", "serverHeapBytes"));
    series.putNull("serverQueue");
    Reports.column(series, "lagMaxMs", 30, second -> null);
    Document document = render(report);

    assertThat(Reports.elements(document, "figure")).hasSize(11);
    assertThat(missing(document))
        .containsExactly(
            "Not measured: Load tester: lag, Server: nodes, Server: memory, Server: queue.");
  }

  @Test
  void eachColumnIsDrawnByItself() {
    for (String key : Reports.COLUMNS) {
      ObjectNode report = Reports.withSeries(5);
      ((ObjectNode) report.get("series")).retain("seconds", key);

      assertThat(lines(render(report))).as(key).hasSize(1);
    }
  }

  @Test
  void withoutSeriesThePageSaysSo() {
    Document document = render(Reports.plain());

    assertThat(Reports.elements(document, "figure")).isEmpty();
    assertThat(missing(document)).containsExactly("Not measured: this report has no series.");
  }

  @Test
  void noMessagesAreNoChartAndNoErrorsAreOne() {
    ObjectNode report = Reports.withSeries(5);
    ObjectNode series = (ObjectNode) report.get("series");
    for (String key :
        List.of("messagesSentPerSecond", "messagesReceivedPerSecond", "errorsPerSecond")) {
      Reports.column(series, key, 5, second -> 0.0);
    }
    Document document = render(report);

    assertThat(missing(document)).containsExactly("Not measured: Messages.");
    assertThat(Reports.texts(document, "h3")).contains("Errors").doesNotContain("Messages");
  }

  @Test
  void phasesAreShadedAndNamedInEveryChart() {
    ObjectNode report = Reports.withSeries(60);
    Reports.phase(report, "warming", 0, 20);
    Reports.phase(report, "steady", 20, 50);
    Reports.phase(report, "cooling", 50, 60);
    Document document = render(report);
    int charts = Reports.elements(document, "figure").size();

    assertThat(Reports.texts(document, "small"))
        .contains("warming 0 s to 20 s, steady 20 s to 50 s, cooling 50 s to 1 min");
    for (String name : List.of("warming", "steady", "cooling")) {
      assertThat(Reports.texts(document, "text").stream().filter(name::equals)).hasSize(charts);
    }
    assertThat(Reports.elements(document, "rect")).hasSize(3 * charts);
  }

  @Test
  void everyChartSaysInWordsWhatItShows() {
    Document document = render(Reports.withSeries(60));

    for (Element plot : Reports.elements(document, "svg")) {
      if (plot.getAttribute("class").equals("plot")) {
        assertThat(plot.getAttribute("aria-labelledby").split(" ", -1))
            .allSatisfy(id -> assertThat(idsIn(plot)).contains(id));
      }
    }
    assertThat(Reports.texts(document, "desc"))
        .contains(
            "p50 at most 7, p99 at most 7, max at most 7; over 1 min, on a logarithmic scale");
  }

  @Test
  void anHourIsNoLargeFileAndKeepsItsPeaks() {
    ObjectNode report = Reports.withSeries(3_600);
    ObjectNode series = (ObjectNode) report.get("series");
    Reports.column(series, "errorsPerSecond", 3_600, second -> second == 1_234 ? 987.0 : 0.0);
    String html = HtmlReport.render(report);
    Document document = Reports.parse(html);

    assertThat(html.length()).isLessThan(600_000);
    for (Element path : Reports.elements(document, "path")) {
      assertThat(path.getAttribute("d").length()).isLessThan(12_000);
    }
    assertThat(Reports.texts(document, "b")).contains("peak 987");
    assertThat(Reports.texts(document, "small"))
        .anyMatch(text -> text.startsWith("each point is 10 samples"));
  }

  private static Document render(ObjectNode report) {
    return Reports.parse(HtmlReport.render(report));
  }

  /** Those on the grounds of charts, not those in keys. */
  private static List<Element> lines(Document document) {
    return Reports.elements(document, "path").stream()
        .filter(path -> path.getAttribute("class").startsWith("line"))
        .filter(path -> !path.getAttribute("d").equals("M1,4H23"))
        .toList();
  }

  private static List<String> missing(Document document) {
    return Reports.texts(document, "p").stream()
        .filter(text -> text.startsWith("Not measured") && !text.contains("histograms"))
        .toList();
  }

  private static List<String> idsIn(Element plot) {
    return List.of(
        ((Element) plot.getElementsByTagName("title").item(0)).getAttribute("id"),
        ((Element) plot.getElementsByTagName("desc").item(0)).getAttribute("id"));
  }
}
