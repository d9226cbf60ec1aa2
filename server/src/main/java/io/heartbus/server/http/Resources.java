package io.heartbus.server.http;

/** What there is to be asked for. */
record Resources(
    MetricsResource metrics,
    StatusResource status,
    NodesResource nodes,
    GroupsResource groups,
    PaceResource pace,
    EventsResource events,
    EventStreams streams,
    MessagesResource messages) {}
