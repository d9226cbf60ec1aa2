package io.heartbus.server.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each request past the guard to what it asks for, and sends the answer. Called on a thread
 * of its own for every request.
 */
final class Router implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final String NODES = "/api/v1/nodes";
  private static final String READ_ONLY = "GET, HEAD";
  private static final int INTERNAL = 500;

  /** No request here needs a body; what is larger than this is not even read past. */
  private static final long BODY_BYTES_MAX = 64 << 10;

  private final Guard guard;
  private final MetricsResource metrics;
  private final StatusResource status;
  private final NodesResource nodes;
  private final Reply page;

  Router(Guard guard, MetricsResource metrics, StatusResource status, NodesResource nodes)
      throws IOException {
    this.guard = guard;
    this.metrics = metrics;
    this.status = status;
    this.nodes = nodes;
    this.page = Reply.resource("index.html", "text/html; charset=utf-8");
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Reply reply;
    try {
      checkRequest(exchange);
      if (exchange.getRequestURI().getRawPath().equals("/metrics")) {
        requireReading(exchange);
        metrics.handle(exchange);
        return;
      }
      reply = answer(exchange);
    } catch (Refusal refusal) {
      if (refusal.allowedMethods() != null) {
        exchange.getResponseHeaders().set("Allow", refusal.allowedMethods());
      }
      reply = Reply.error(refusal.status(), refusal.reason());
    } catch (RuntimeException surprise) {
      LOG.warn("{} failed", exchange.getRequestURI(), surprise);
      reply = Reply.error(INTERNAL, "the server failed at this request; its log says more");
    }
    send(exchange, reply);
  }

  private void checkRequest(HttpExchange exchange) throws Refusal {
    Headers headers = exchange.getRequestHeaders();
    guard.check(headers.getOrDefault("Host", List.of()), headers.getOrDefault("Origin", List.of()));
    @Nullable String length = headers.getFirst("Content-Length");
    // The JDK has refused a length that is no number.
    if (length != null && Long.parseLong(length) > BODY_BYTES_MAX) {
      throw new Refusal(
          Refusal.CONTENT_TOO_LARGE, "a body may have " + BODY_BYTES_MAX + " bytes at most");
    }
  }

  private Reply answer(HttpExchange exchange) throws Refusal {
    String path = exchange.getRequestURI().getRawPath();
    if (path.startsWith(NODES + "/")) {
      return node(exchange, path.substring(NODES.length() + 1));
    }
    return switch (path) {
      case "/" -> {
        plain(exchange);
        yield page;
      }
      case "/healthz" -> {
        plain(exchange);
        yield status.health();
      }
      case "/readyz" -> {
        plain(exchange);
        yield status.readiness();
      }
      case "/api/v1/summary" -> {
        plain(exchange);
        yield status.summary();
      }
      case NODES -> {
        requireReading(exchange);
        yield nodes.page(query(exchange, "state", "prefix", "group", "after", "limit"));
      }
      default -> throw Refusal.notFound("there is nothing at " + path);
    };
  }

  private Reply node(HttpExchange exchange, String rawId) throws Refusal {
    String method = exchange.getRequestMethod();
    boolean delete = method.equals("DELETE");
    if (!delete && !reads(method)) {
      throw Refusal.methodNotAllowed(method, READ_ONLY + ", DELETE");
    }
    query(exchange);
    String id = PercentCoding.ofPath(rawId);
    return delete ? nodes.disconnect(id) : nodes.one(id);
  }

  /** A request that only reads, and has no parameters. */
  private static void plain(HttpExchange exchange) throws Refusal {
    requireReading(exchange);
    query(exchange);
  }

  private static void requireReading(HttpExchange exchange) throws Refusal {
    String method = exchange.getRequestMethod();
    if (!reads(method)) {
      throw Refusal.methodNotAllowed(method, READ_ONLY);
    }
  }

  private static boolean reads(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  private static Query query(HttpExchange exchange, String... known) throws Refusal {
    return Query.parse(exchange.getRequestURI().getRawQuery(), known);
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      byte[] body = reply.body();
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      // A page of ours needs nothing from elsewhere, and belongs into nobody's frame.
      headers.set(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
              + " connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'");
      if (body.length > 0) {
        headers.set("Content-Type", reply.contentType());
      }
      if (exchange.getRequestMethod().equals("HEAD") && body.length > 0) {
        headers.set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(reply.status(), -1);
      } else {
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }
}
