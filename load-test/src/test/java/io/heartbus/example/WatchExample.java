package io.heartbus.example;

import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.client.Watch;
import io.heartbus.client.WatchOptions;
import io.heartbus.client.WatchPosition;

/** A backend that hears of lost nodes; README shows it. */
final class WatchExample {
  private WatchExample() {}

  /** What the example leaves to its reader. */
  interface Pager {
    void page(String text) throws InterruptedException;

    void awaitShiftEnd() throws InterruptedException;
  }

  static WatchPosition run(ClientOptions defaults, Pager pager) throws Exception {
    // example-begin
    WatchPosition reached;
    try (HeartbeatClient client = HeartbeatClient.connect(defaults.withNodeId("pager"));
        Watch watch =
            client.watch(
                WatchOptions.fromNow().withTypes("offline", "mass_loss").withGroup("berlin"),
                event -> pager.page(event.node() + " is gone: " + event.cause()))) {
      pager.awaitShiftEnd();
      reached = watch.position();
    }
    // WatchOptions.after(reached) goes on there, in another process, too.
    // example-end
    return reached;
  }
}
