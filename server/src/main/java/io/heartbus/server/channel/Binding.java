package io.heartbus.server.channel;

/** A route and the handler that serves it. */
record Binding(Route route, MessageHandler handler) {}
