package io.heartbus.server.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All open connections, registered or not, in dense arrays, which a pass walks much faster than the
 * nodes of a map. Stripes keep accepting threads and the sweep out of each other's way.
 *
 * <p>Any thread.
 */
public final class Roster {
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Link[].class);
  private static final int STRIPES = 64;

  /**
   * So many that come one after the other, as a power of two, stand side by side: they do so in
   * memory, too, and a pass over them is three times as quick as one in leaps.
   */
  private static final int NEIGHBOURS_LOG2 = 8;

  private static final int STRIPE_LINKS_MIN = 16;

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();

    /** Dense from 0 to size. Changed under the lock; elements may be read without it. */
    @Nullable Link[] links = new @Nullable Link[STRIPE_LINKS_MIN];

    int size;
  }

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger size = new AtomicInteger();

  public Roster() {
    Arrays.setAll(stripes, _ -> new Stripe());
  }

  /** How many connections there are. */
  public int size() {
    return size.get();
  }

  /** Adds a connection; once. */
  public void add(Link link) {
    int index = Math.floorMod(next.getAndIncrement() >> NEIGHBOURS_LOG2, STRIPES);
    Stripe stripe = stripes[index];
    stripe.lock.lock();
    try {
      if (stripe.size == stripe.links.length) {
        stripe.links = Arrays.copyOf(stripe.links, stripe.size * 3 / 2);
      }
      link.slot = stripe.size * STRIPES + index;
      ELEMENT.setRelease(stripe.links, stripe.size++, link);
    } finally {
      stripe.lock.unlock();
    }
    size.incrementAndGet();
  }

  /** Removes a connection; once. */
  public void remove(Link link) {
    // The stripe of a link never changes, its place in it may.
    Stripe stripe = stripes[link.slot % STRIPES];
    stripe.lock.lock();
    try {
      int place = link.slot / STRIPES;
      Link last = stripe.links[--stripe.size];
      ELEMENT.setRelease(stripe.links, stripe.size, null);
      if (last != null && place != stripe.size) {
        ELEMENT.setRelease(stripe.links, place, last);
        last.slot = link.slot;
      }
      if (stripe.links.length > STRIPE_LINKS_MIN && stripe.size < stripe.links.length / 4) {
        stripe.links =
            Arrays.copyOf(stripe.links, Math.max(STRIPE_LINKS_MIN, stripe.links.length / 2));
      }
    } finally {
      stripe.lock.unlock();
    }
    size.decrementAndGet();
  }

  /**
   * Hands over every connection that is there from beginning to end; one that comes or goes
   * meanwhile may be missed, or met twice. The action must not block; it may remove connections.
   */
  public void forEach(Consumer<Link> action) {
    for (Stripe stripe : stripes) {
      @Nullable Link[] links;
      int end;
      stripe.lock.lock();
      try {
        links = stripe.links;
        end = stripe.size;
      } finally {
        stripe.lock.unlock();
      }
      // From the end, because a removal fills its gap from the end: that link was met already.
      for (int i = end - 1; i >= 0; i--) {
        Link link = (Link) ELEMENT.getAcquire(links, i);
        if (link != null) {
          action.accept(link);
        }
      }
    }
  }
}
