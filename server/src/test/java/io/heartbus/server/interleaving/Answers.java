package io.heartbus.server.interleaving;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The answers that a connection has to give, in order. The server answers the frames of one
 * connection one after another, and control frames leave in the order they were made, so this order
 * is exact. What an answer is may depend on a race; then the few that are allowed are named.
 */
final class Answers {
  /** One answer that is due. */
  static final class Due {
    private final Map<String, Runnable> allowed = new HashMap<>();
    private boolean optional;

    /** That would be right, too. */
    Due or(String answer, Runnable then) {
      allowed.put(answer, then);
      return this;
    }

    Due or(String answer) {
      return or(answer, Answers::nothing);
    }

    @Override
    public String toString() {
      return (optional ? "maybe " : "") + allowed.keySet();
    }
  }

  private final ArrayDeque<Due> due = new ArrayDeque<>();

  Due expect(String answer) {
    return expect(answer, Answers::nothing);
  }

  Due expect(String answer, Runnable then) {
    Due one = new Due().or(answer, then);
    due.add(one);
    return one;
  }

  /** The server may answer so, or not at all. */
  void maybe(String answer) {
    expect(answer).optional = true;
  }

  /** From now on none of those that are due needs to come; their order stays. */
  void nothingIsCertain() {
    due.forEach(one -> one.optional = true);
  }

  /** Takes an answer. Returns false when it is not the one that is due. */
  boolean take(String answer) {
    Runnable then = null;
    int passed = 0;
    for (Due one : due) {
      passed++;
      then = one.allowed.get(answer);
      if (then != null || !one.optional) {
        break;
      }
    }
    if (then == null) {
      return false;
    }
    for (int i = 0; i < passed; i++) {
      due.remove();
    }
    then.run();
    return true;
  }

  private static void nothing() {}

  /** Whether nothing is due that has to come. */
  boolean met() {
    return due.stream().allMatch(one -> one.optional);
  }

  @Override
  public String toString() {
    StringBuilder first = new StringBuilder();
    Iterator<Due> some = due.iterator();
    for (int i = 0; i < 5 && some.hasNext(); i++) {
      first.append(some.next()).append(' ');
    }
    return first + "(" + due.size() + " in all)";
  }
}
