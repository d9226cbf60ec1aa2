package io.heartbus.server.http;

import com.sun.net.httpserver.Headers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** An answer as it goes out: status, content type and body. */
final class Reply {
  static final String JSON_TYPE = "application/json; charset=utf-8";

  /** Keys in the order of the record, as the documentation lists them. */
  static final JsonMapper JSON =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int NO_CONTENT = 204;

  private final int status;
  private final String contentType;

  /** Nobody changes it. */
  private final byte[] body;

  private Reply(int status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  byte[] body() {
    return body;
  }

  /** Adds what every answer says, whatever it is. */
  static void addUsualHeaders(Headers headers) {
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    // A page of ours needs nothing from elsewhere, and belongs into nobody's frame.
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
            + " connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'");
  }

  /** 200 with a file that came with this class. */
  static Reply resource(String name, String contentType) throws IOException {
    try (InputStream in = Reply.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is missing from the jar");
      }
      return new Reply(OK, contentType, in.readAllBytes());
    }
  }

  /** 200 with that value. */
  static Reply json(Object value) {
    return new Reply(OK, JSON_TYPE, JSON.writeValueAsBytes(value));
  }

  /** 202. */
  static Reply accepted() {
    return new Reply(ACCEPTED, JSON_TYPE, new byte[0]);
  }

  /** 204. */
  static Reply empty() {
    return new Reply(NO_CONTENT, JSON_TYPE, new byte[0]);
  }

  /** That status, with the reason as JSON. */
  static Reply error(int status, String reason) {
    return new Reply(status, JSON_TYPE, JSON.writeValueAsBytes(Map.of("error", reason)));
  }
}
