package io.heartbus.loadtest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The report of a run as one HTML file that needs nothing from anywhere: the verdict, the figures,
 * charts over time, histograms, and what is needed to run it again. Pure, so any thread may call
 * it. Everything is taken from the JSON report; what is missing or null there was not measured.
 * Charts are drawn here and readable without a script; the script there only reads values off them.
 */
public final class HtmlReport {
  private static final String HEART = "M2 17h7l4-11 6 20 4-9h7";

  private HtmlReport() {}

  /** The file's text; it is XML as well. */
  public static String render(JsonNode report) {
    Markup out = new Markup();
    out.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
    writeHead(out, report);
    out.open("body");
    writeHeader(out, report);
    out.open("main");
    VerdictBanner.write(out, report);
    Recording recording = new Recording(report);
    KeyFigures.write(out, report, recording);
    writeNotes(out, report);
    TimeCharts.write(out, recording);
    writeHistograms(out, report);
    DrillTables.write(out, report);
    FigureTables.writeFigures(out, report);
    FigureTables.writeSetup(out, report);
    out.close().verbatim("script", resource("report.js")).close().close();
    return out.document();
  }

  private static void writeHead(Markup out, JsonNode report) {
    out.open("head").leaf("meta", "charset", "utf-8");
    out.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.leaf("meta", "name", "color-scheme", "content", "light dark");
    out.element("title", subject(report) + " – Heartbus load test");
    out.verbatim("style", resource("report.css")).close();
  }

  private static void writeHeader(Markup out, JsonNode report) {
    out.open("header").open("svg", "viewBox", "0 0 32 32", "aria-hidden", "true");
    out.leaf("path", "class", "heart", "d", HEART).close();
    out.open("div").element("p", "Heartbus load test").element("h1", subject(report)).close();
    out.open("span", "class", "when");
    String started = Facts.text(report, "startedAt");
    out.element("time", started.replace('T', ' ').replace("Z", " UTC"), "datetime", started);
    out.text(" for " + Numbers.seconds(Facts.number(report, "seconds")));
    out.close().close();
  }

  private static String subject(JsonNode report) {
    return Facts.text(report, "scenario") + " against " + Facts.text(report, "target");
  }

  private static void writeNotes(Markup out, JsonNode report) {
    JsonNode notes = Facts.at(report, "notes");
    if (notes.isEmpty()) {
      return;
    }
    out.open("section").open("header").element("h2", "Notes");
    out.element("small", "what to know before believing the numbers").close();
    out.open("ul", "class", "notes");
    notes.forEach(note -> out.element("li", Facts.text(note)));
    out.close().close();
  }

  private static void writeHistograms(Markup out, JsonNode report) {
    out.open("section").open("header").element("h2", "Latencies");
    out.element("small", "of the whole run, from the intended time, both scales logarithmic");
    out.close();
    boolean isEmpty = true;
    out.open("div", "class", "charts");
    for (String kind : new String[] {"heartbeats", "messages", "connects"}) {
      JsonNode bars = Facts.at(report, "histograms." + kind);
      String summary = kind.equals("connects") ? "connect" : kind;
      String title = kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
      HistogramChart chart = new HistogramChart(title, bars, Facts.at(report, summary));
      if (!chart.isEmpty()) {
        chart.write(out, "histogram-" + kind);
        isEmpty = false;
      }
    }
    out.close();
    if (isEmpty) {
      out.element("p", "Not measured: this report has no histograms.", "class", "none");
    }
    out.close();
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
