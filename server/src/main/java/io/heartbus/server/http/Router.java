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
  private static final String EVENTS = "/api/v1/events";
  private static final String READ_ONLY = "GET, HEAD";
  private static final String TOPICS = "/api/v1/topics/";
  private static final String POST = "POST";
  private static final String PATCH = "PATCH";
  private static final int PACE_BYTES_MAX = 1_024;
  private static final int INTERNAL = 500;

  private final Guard guard;
  private final int bodyBytesMax;
  private final Resources resources;
  private final WriteWatch watch;
  private final Reply page;

  /**
   * A router to those resources.
   *
   * @param bodyBytesMax the largest body of a request that is read
   * @param watch ends answers to those who do not read them
   */
  Router(Guard guard, int bodyBytesMax, Resources resources, WriteWatch watch) throws IOException {
    this.guard = guard;
    this.bodyBytesMax = bodyBytesMax;
    this.resources = resources;
    this.watch = watch;
    this.page = Reply.resource("index.html", "text/html; charset=utf-8");
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Reply reply;
    try {
      checkRequest(exchange);
      if (exchange.getRequestURI().getRawPath().equals("/metrics")) {
        requireReading(exchange);
        resources.metrics().handle(exchange);
        return;
      }
      if (exchange.getRequestURI().getRawPath().equals(EVENTS)
          && EventStreams.areAskedFor(exchange.getRequestHeaders())) {
        requireReading(exchange);
        resources
            .streams()
            .serve(exchange, query(exchange, "after", "epoch", "type", "group", "prefix"));
        return;
      }
      reply = answer(exchange);
    } catch (Refusal refusal) {
      if (refusal.allowedMethods() != null) {
        exchange.getResponseHeaders().set("Allow", refusal.allowedMethods());
      }
      reply = Reply.error(refusal.status(), refusal.reason());
    } catch (InterruptedException ending) {
      reply = Reply.error(Refusal.UNAVAILABLE, "the server is about to end");
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
    if (length != null && Long.parseLong(length) > bodyBytesMax) {
      throw tooLarge(bodyBytesMax);
    }
  }

  private Reply answer(HttpExchange exchange) throws Refusal, IOException, InterruptedException {
    String path = exchange.getRequestURI().getRawPath();
    if (path.startsWith(NODES + "/")) {
      return node(exchange, path.substring(NODES.length() + 1));
    }
    if (path.startsWith(TOPICS)) {
      query(exchange);
      return resources.messages().toTopic(path.substring(TOPICS.length()), message(exchange));
    }
    return switch (path) {
      case "/" -> {
        plain(exchange);
        yield page;
      }
      case "/healthz" -> {
        plain(exchange);
        yield resources.status().health();
      }
      case "/readyz" -> {
        plain(exchange);
        yield resources.status().readiness();
      }
      case "/api/v1/summary" -> {
        plain(exchange);
        yield resources.status().summary();
      }
      case NODES -> nodes(exchange);
      case "/api/v1/groups" -> {
        requireReading(exchange);
        yield resources.groups().page(query(exchange, "after", "limit"));
      }
      case EVENTS -> {
        requireReading(exchange);
        yield resources
            .events()
            .page(query(exchange, "after", "epoch", "limit", "type", "group", "prefix"));
      }
      case "/api/v1/drain" -> {
        requirePost(exchange);
        query(exchange);
        yield resources.status().drain();
      }
      case "/api/v1/broadcast" ->
          resources.messages().toAll(query(exchange, "prefix", "group"), message(exchange));
      default -> throw Refusal.notFound("there is nothing at " + path);
    };
  }

  private static Refusal tooLarge(int bytesMax) {
    return new Refusal(Refusal.CONTENT_TOO_LARGE, "a body may have " + bytesMax + " bytes at most");
  }

  private static byte[] body(HttpExchange exchange, int bytesMax) throws Refusal, IOException {
    byte[] body = exchange.getRequestBody().readNBytes(bytesMax + 1);
    if (body.length > bytesMax) {
      throw tooLarge(bytesMax);
    }
    return body;
  }

  /** The body of a request that brings a message. */
  private byte[] message(HttpExchange exchange) throws Refusal, IOException {
    requirePost(exchange);
    return body(exchange, bodyBytesMax);
  }

  private Reply nodes(HttpExchange exchange) throws Refusal, IOException {
    String method = exchange.getRequestMethod();
    if (method.equals(PATCH)) {
      return resources
          .pace()
          .all(query(exchange, "prefix", "group"), body(exchange, PACE_BYTES_MAX));
    }
    if (!reads(method)) {
      throw Refusal.methodNotAllowed(method, READ_ONLY + ", PATCH");
    }
    return resources.nodes().page(query(exchange, "state", "prefix", "group", "after", "limit"));
  }

  private Reply node(HttpExchange exchange, String rawId)
      throws Refusal, IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    if (method.equals(POST) && MessagesResource.isFor(rawId)) {
      return resources.messages().toNode(rawId, query(exchange, "timeout"), message(exchange));
    }
    boolean delete = method.equals("DELETE");
    boolean patch = method.equals(PATCH);
    if (!delete && !patch && !reads(method)) {
      throw Refusal.methodNotAllowed(method, READ_ONLY + ", DELETE, PATCH");
    }
    query(exchange);
    String id = PercentCoding.ofPath(rawId);
    if (patch) {
      return resources.pace().one(id, body(exchange, PACE_BYTES_MAX));
    }
    return delete ? resources.nodes().disconnect(id) : resources.nodes().one(id);
  }

  /** A request that only reads, and has no parameters. */
  private static void plain(HttpExchange exchange) throws Refusal {
    requireReading(exchange);
    query(exchange);
  }

  private static void requirePost(HttpExchange exchange) throws Refusal {
    String method = exchange.getRequestMethod();
    if (!method.equals(POST)) {
      throw Refusal.methodNotAllowed(method, POST);
    }
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

  private void send(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      byte[] body = reply.body();
      Reply.addUsualHeaders(headers);
      if (body.length > 0) {
        headers.set("Content-Type", reply.contentType());
      }
      if (exchange.getRequestMethod().equals("HEAD") && body.length > 0) {
        headers.set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(reply.status(), -1);
      } else {
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
          watch.write(out, body);
        }
      }
    }
  }
}
