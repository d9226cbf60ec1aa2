package io.heartbus.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class HtmlReportTest {
  /** Ends elements, attributes, scripts, and what scripts are wrapped in. */
  private static final String HOSTILE = "<script>x('\"&amp;]]>--></script>\u0000\u001B\uD800";

  private static final String HARMLESS = "<script>x('\"&amp;]]>--></script>\uFFFD\uFFFD\uFFFD";

  @Test
  void theFileNeedsNothingFromAnywhere() {
    String html = HtmlReport.render(Reports.withSeries(60));

    for (String way : List.of("@import", "url(", "fetch(", "import(", "XMLHttpRequest", "Socket")) {
      assertThat(html.contains(way)).as(way).isFalse();
    }
    for (Element element : Reports.elements(Reports.parse(html), "*")) {
      assertThat(List.of("link", "img", "iframe", "object", "base", "use"))
          .doesNotContain(element.getTagName());
      for (String attribute : List.of("src", "href", "xlink:href", "srcset", "action", "style")) {
        assertThat(element.hasAttribute(attribute)).as(attribute).isFalse();
      }
    }
  }

  @Test
  void theVerdictComesFirstWithWhatWasAsked() {
    Document document = Reports.parse(HtmlReport.render(Reports.plain()));

    assertThat(Reports.texts(document, "h2").getFirst()).isEqualTo("Failed");
    assertThat(Reports.texts(document, "li").getFirst())
        .isEqualTo("p99 of the heartbeats is 8.30 ms, over 2.00 ms");
    assertThat(Reports.texts(document, "tr").subList(0, 4))
        .containsExactly(
            "askedmeasured",
            "Nodesall 500, none lost499 connected, 1 failed, 0 lost",
            "Heartbeatseach answered4,142 of 4,142 answered, 0 missing, 0 stray",
            "99th percentile of latencyat most 2msheartbeats 8.30 ms, messages –");
  }

  @Test
  void aRunThatPassedSaysSo() {
    ObjectNode report = Reports.plain();
    report.putObject("verdict").put("passed", true).putArray("failures");

    assertThat(Reports.texts(Reports.parse(HtmlReport.render(report)), "h2").getFirst())
        .isEqualTo("Passed");
  }

  @Test
  void figuresHaveUnitsAndTheRunCanBeRepeated() {
    String html = HtmlReport.render(Reports.plain());
    Document document = Reports.parse(html);

    assertThat(Reports.texts(document, "h1")).containsExactly("mixed against 127.0.0.1:9501");
    assertThat(Reports.texts(document, "time")).containsExactly("2026-01-02 03:04:05 UTC");
    assertThat(Reports.texts(document, "dd"))
        .contains("499 of 500", "1,001/s p99 15.9 ms", "8.30 ms p50 0.40, p99.9 12.1, max 21.4");
    assertThat(Reports.texts(document, "code").getFirst().strip())
        .isEqualTo("heartbus-load-test --nodes 500");
    assertThat(Reports.texts(document, "tr"))
        .contains("nodes500", "max-p992ms", "memory23.5 GiB", "processora processor");
    assertThat(Reports.texts(document, "li")).contains("the load tester itself was late");
  }

  @Test
  void everythingOfTheReportIsEscaped() {
    ObjectNode report = Reports.withSeries(9);
    for (String key : List.of("scenario", "target", "startedAt", "command", "hlog")) {
      report.put(key, HOSTILE);
    }
    report.putObject("settings").put("max-p99", HOSTILE).put(HOSTILE, HOSTILE);
    report.putObject("machine").put("processor", HOSTILE).put("kernel", HOSTILE);
    report.putArray("notes").add(HOSTILE);
    ((ObjectNode) report.get("verdict")).putArray("failures").add(HOSTILE);
    Reports.phase(report, HOSTILE, 0, 5);
    ArrayNode faults = report.putObject("detection").putArray("faults");
    faults.addObject().put("fault", HOSTILE).put("skipped", HOSTILE);
    ArrayNode generators = report.putArray("generators");
    generators.addObject().put(HOSTILE, HOSTILE);
    generators.addObject().putObject(HOSTILE).put(HOSTILE, HOSTILE);

    Document document = Reports.parse(HtmlReport.render(report));

    assertThat(Reports.elements(document, "script")).as("ours alone").hasSize(1);
    assertThat(Reports.texts(document, "li")).contains(HARMLESS);
    assertThat(Reports.texts(document, "tr")).contains(HARMLESS + HARMLESS);
    assertThat(Reports.texts(document, "text")).contains(HARMLESS);
  }

  @Test
  void anEmptyReportIsAPageToo() {
    Document document = Reports.parse(HtmlReport.render(JsonMapper.shared().createObjectNode()));

    assertThat(Reports.texts(document, "h2").getFirst()).isEqualTo("Failed");
    assertThat(Reports.elements(document, "figure")).isEmpty();
  }

  @Test
  void valuesOfAnotherKindAreNotKnown() {
    ObjectNode report = Reports.plain();
    report.put("series", "none").put("histograms", 3).put("phases", true).put("nodes", "many");
    report.putArray("detection");

    Document document = Reports.parse(HtmlReport.render(report));

    assertThat(Reports.texts(document, "dd").getFirst()).isEqualTo("– of –");
    assertThat(Reports.elements(document, "figure")).isEmpty();
  }

  @Test
  void detectionIsTold() {
    ObjectNode report = Reports.plain().put("scenario", "detect");
    ObjectNode detection = report.putObject("detection");
    ObjectNode fault = detection.putArray("faults").addObject().put("fault", "silence");
    fault.put("victims", 5).put("detected", 3).put("early", 1);
    fault.putObject("detection").put("p50Ms", 4661).put("maxMs", 5136.4);
    fault.putObject("delay").put("maxMs", 254.46);
    detection
        .putObject("falseVerdicts")
        .put("nodeHours", 0.5)
        .put("offline", 0)
        .put("offlinePerNodeHourMax", 6.0);
    detection.putObject("feed").put("events", 620).put("gapEvents", 1);
    detection.withArray("faults").addObject().put("fault", "drop").put("skipped", "no ip here");

    Document page = Reports.parse(HtmlReport.render(report));

    // Not in the table: so long a name would push the figures off the screen.
    assertThat(Reports.texts(page, "p")).contains("drop skipped: no ip here");
    assertThat(Reports.texts(page, "tr"))
        .noneMatch(row -> row.startsWith("drop"))
        .contains("Verdicts on the deadno boundlatest after 254 ms, 0 false, 1 early, 2 missed")
        .contains("silence53–14,661–5,136––254", "offline00.50under 6 at 95 %")
        .contains("eventsgap events", "6201");
  }

  @Test
  void stormsAreTold() {
    ObjectNode report = Reports.plain().put("scenario", "storm");
    ObjectNode storm = report.putObject("storm").put("untouched", 50);
    ObjectNode round = storm.putArray("rounds").addObject().put("dropped", 450).put("back", 449);
    round.putObject("failures").put("Connection refused", 2).put("reset", 1);
    round.put("busy", 0).put("back99Ms", 118.4).put("perSecondMean", 3799);
    round.put("untouchedBeats", 4).putObject("untouchedLatencies").put("maxMs", 49.2);

    List<String> rows = Reports.texts(Reports.parse(HtmlReport.render(report)), "tr");

    assertThat(rows)
        .contains("99 % backat most 2msafter 118 ms in the slowest storm")
        .contains("145044903––118––3,799–", "14–––49.2");

    storm.put("untouched", 0);
    assertThat(Reports.texts(Reports.parse(HtmlReport.render(report)), "caption"))
        .contains("Nodes that were cut off")
        .noneMatch(caption -> caption.contains("untouched"));
  }

  @Test
  void loadTestersWhoseReportsWereJoinedHaveARowEach() {
    ObjectNode report = Reports.plain();
    ArrayNode generators = report.putArray("generators");
    for (int i = 1; i <= 2; i++) {
      ObjectNode generator = generators.addObject().put("command", "run " + "--flag ".repeat(9));
      generator.putObject("machine").put("cores", 2).put("processor", "Z80");
      generator.putObject("nodes").put("connected", 300 * i).put("failed", 0);
      generator.putObject("generator").put("lagP99Ms", i + 0.5).put("rssBytes", 3 << 20);
    }

    Document page = Reports.parse(HtmlReport.render(report));
    assertThat(Reports.texts(page, "tr"))
        .anyMatch(row -> row.startsWith("13000–1.50––3 MiB2 x Z80: run --flag"))
        .anyMatch(row -> row.startsWith("26000–2.50––3 MiB2 x Z80: run --flag"));
    // What is long breaks, so that the figures beside it are on the screen.
    assertThat(Reports.elements(page, "td"))
        .filteredOn(cell -> cell.getAttribute("class").equals("prose"))
        .hasSize(2);
  }
}
