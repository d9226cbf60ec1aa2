package io.heartbus.server.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All open connections, registered or not, in dense arrays, which a pass walks much faster than the
 * nodes of a map. Stripes keep accepting threads and the sweep out of each other's way.
 *
 * <p>Any thread.
 */
public final class Roster {
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Link[].class);
  private static final VarHandle LOOK = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int STRIPES = 64;

  /**
   * So many that come one after the other, as a power of two, stand side by side: they do so in
   * memory, too, and a pass over them is twice as quick as one in leaps.
   */
  private static final int NEIGHBOURS_LOG2 = 8;

  private static final int STRIPE_LINKS_MIN = 16;

  /** Connections, dense from 0, and beside each when a pass has to look at it again. */
  private static final class Places {
    final @Nullable Link[] links;
    final long[] looksNanos;

    Places(int length) {
      links = new @Nullable Link[length];
      looksNanos = new long[length];
    }

    Places resized(int length, int size) {
      Places copy = new Places(length);
      System.arraycopy(links, 0, copy.links, 0, size);
      System.arraycopy(looksNanos, 0, copy.looksNanos, 0, size);
      return copy;
    }
  }

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock; elements may be read, and looks written, without it. */
    Places places = new Places(STRIPE_LINKS_MIN);

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
      if (stripe.size == stripe.places.links.length) {
        stripe.places = stripe.places.resized(stripe.size * 3 / 2, stripe.size);
      }
      link.slot = stripe.size * STRIPES + index;
      LOOK.setOpaque(stripe.places.looksNanos, stripe.size, link.lastSeenNanos());
      ELEMENT.setRelease(stripe.places.links, stripe.size++, link);
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
      Places places = stripe.places;
      Link last = places.links[--stripe.size];
      ELEMENT.setRelease(places.links, stripe.size, null);
      if (last != null && place != stripe.size) {
        LOOK.setOpaque(places.looksNanos, place, places.looksNanos[stripe.size]);
        ELEMENT.setRelease(places.links, place, last);
        last.slot = link.slot;
      }
      int length = places.links.length;
      if (length > STRIPE_LINKS_MIN && stripe.size < length / 4) {
        stripe.places = places.resized(Math.max(STRIPE_LINKS_MIN, length / 2), stripe.size);
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
      Places places;
      int end;
      stripe.lock.lock();
      try {
        places = stripe.places;
        end = stripe.size;
      } finally {
        stripe.lock.unlock();
      }
      // From the end, because a removal fills its gap from the end: that link was met already.
      for (int i = end - 1; i >= 0; i--) {
        Link link = (Link) ELEMENT.getAcquire(places.links, i);
        if (link != null) {
          action.accept(link);
        }
      }
    }
  }

  /**
   * Hands over every connection that is due, as {@link #forEach} does; the answer says when it is
   * due again. Of those that are not, nothing comes into the cache but that time. A connection that
   * is moved meanwhile may get the time of another.
   */
  void forEachDue(long nowNanos, ToLongFunction<Link> look) {
    for (Stripe stripe : stripes) {
      Places places;
      int end;
      stripe.lock.lock();
      try {
        places = stripe.places;
        end = stripe.size;
      } finally {
        stripe.lock.unlock();
      }
      for (int i = end - 1; i >= 0; i--) {
        if (nowNanos - (long) LOOK.getOpaque(places.looksNanos, i) >= 0) {
          lookAt(places, i, look);
        }
      }
    }
  }

  private static void lookAt(Places places, int place, ToLongFunction<Link> look) {
    Link link = (Link) ELEMENT.getAcquire(places.links, place);
    if (link != null) {
      LOOK.setOpaque(places.looksNanos, place, look.applyAsLong(link));
    }
  }
}
