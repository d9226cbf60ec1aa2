package io.heartbus.loadtest.report;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reports to render, and what became of them. */
final class Reports {
  /** Every key of a series that is drawn. */
  static final List<String> COLUMNS =
      List.of(
          "nodes",
          "connectsPerSecond",
          "beatsPerSecond",
          "beatAnswersPerSecond",
          "messagesSentPerSecond",
          "messagesReceivedPerSecond",
          "errorsPerSecond",
          "beatP50Ms",
          "beatP99Ms",
          "beatMaxMs",
          "messageP50Ms",
          "messageP99Ms",
          "messageMaxMs",
          "lagMaxMs",
          "cpuCores",
          "descriptors",
          "serverNodes",
          "serverCpuCores",
          "serverRssBytes",
          "serverHeapBytes",
          "serverGcSecondsPerSecond",
          "serverQueue");

  private static final String PLAIN =
      """
      {"scenario": "mixed", "target": "127.0.0.1:9501", "startedAt": "2026-01-02T03:04:05Z",
       "command": "heartbus-load-test --nodes 500",
       "settings": {"nodes": "500", "max-p99": "2ms", "max-detection": "none"},
       "machine": {"cores": 2, "processor": "a processor", "memoryBytes": 25276514304,
                   "kernel": "Linux 6", "jdk": "25"},
       "seconds": 8.5,
       "nodes": {"requested": 500, "connected": 499, "failed": 1, "lost": 0},
       "connect": {"seconds": 0.5, "perSecond": 1001.2, "p50Ms": 1, "p99Ms": 15.9,
                   "p999Ms": 23, "maxMs": 23},
       "heartbeats": {"sent": 4142, "acked": 4142, "late": 0, "missing": 0, "stray": 0,
                      "p50Ms": 0.4, "p99Ms": 8.3, "p999Ms": 12.1, "maxMs": 21.4},
       "messages": {"seconds": 8, "sent": 0, "expected": 0, "p50Ms": null, "flows": []},
       "phases": [{"name": "ramp", "seconds": 0.5, "sent": 137, "acked": 137, "late": 0,
                   "perSecond": 274.1, "p50Ms": 0.8, "p99Ms": 11.5, "p999Ms": 21.4, "maxMs": 21.4}],
       "generator": {"lagP99Ms": 3.24, "lagMaxMs": 9.39, "rssBytes": 129000000, "cpuSeconds": 2.9},
       "detection": null, "storm": null,
       "notes": ["the load tester itself was late"],
       "verdict": {"passed": false, "failures": ["p99 of the heartbeats is 8.30 ms, over 2.00 ms"]}}
      """;

  private Reports() {}

  /** One of a run without series and histograms. */
  static ObjectNode plain() {
    return (ObjectNode) JsonMapper.shared().readTree(PLAIN);
  }

  /** One with all series, so many seconds long. */
  static ObjectNode withSeries(int seconds) {
    ObjectNode report = plain();
    ObjectNode series = report.putObject("series").put("stepSeconds", 1);
    column(series, "seconds", seconds, second -> second + 1.0);
    for (String key : COLUMNS) {
      column(series, key, seconds, second -> 1.0 + second % 7);
    }
    return report;
  }

  /** Sets a column of a series. */
  static void column(
      ObjectNode series, String key, int seconds, IntFunction<@Nullable Double> values) {
    ArrayNode column = series.putArray(key);
    for (int second = 0; second < seconds; second++) {
      column.add(values.apply(second));
    }
  }

  /** Adds a phase with its times. */
  static void phase(ObjectNode report, String name, double fromSeconds, double toSeconds) {
    ObjectNode phase = ((ArrayNode) report.get("phases")).addObject().put("name", name);
    phase.put("fromSeconds", fromSeconds).put("toSeconds", toSeconds);
  }

  /** Adds a bucket of a histogram. */
  static void bucket(ObjectNode report, String kind, double fromMs, double toMs, long count) {
    ArrayNode buckets = report.withObjectProperty("histograms").withArrayProperty(kind);
    buckets.addObject().put("fromMs", fromMs).put("toMs", toMs).put("count", count);
  }

  /** Reads the file as XML. */
  static Document parse(String html) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(html)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("not well-formed: " + e.getMessage(), e);
    }
  }

  /** The texts of all elements of that name, as they are read: a space is a space. */
  static List<String> texts(Document document, String tag) {
    return elements(document, tag).stream()
        .map(element -> element.getTextContent().replace('\u00a0', ' '))
        .toList();
  }

  static List<Element> elements(Document document, String tag) {
    var nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
