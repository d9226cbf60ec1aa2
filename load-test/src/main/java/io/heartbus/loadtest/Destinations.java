package io.heartbus.loadtest;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a report goes besides the terminal; null where nobody wants it. */
record Destinations(@Nullable Path json, @Nullable Path html, @Nullable Path hlog) {
  /** How the JSON report names the log of histograms, so that both may be moved together. */
  @Nullable String hlogName() {
    if (hlog == null) {
      return null;
    }
    Path folder = json == null ? null : json.getParent();
    return folder == null ? hlog.toString() : folder.relativize(hlog).toString();
  }
}
