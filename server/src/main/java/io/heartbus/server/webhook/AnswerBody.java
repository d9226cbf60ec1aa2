package io.heartbus.server.webhook;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, which nobody wants: read as far as it takes to use the connection again,
 * and no further. Its callbacks come one after another.
 */
final class AnswerBody implements BodySubscriber<@Nullable Void> {
  /** Beyond this the connection is closed rather than read to its end. */
  private static final long BYTES_MAX = 64 * 1024;

  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private long bytes;

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    begun.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    if (bytes > BYTES_MAX && subscription != null) {
      subscription.cancel();
      done.complete(null);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }
}
