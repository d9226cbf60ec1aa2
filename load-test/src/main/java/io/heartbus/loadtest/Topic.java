package io.heartbus.loadtest;

/** One topic of a run: who publishes to it, and how many get that. Owned by the fleet's thread. */
final class Topic {
  private final String name;
  private final Senders publishers;
  private final Flow quick;
  private final Flow slow;
  private int quickMembers;
  private int slowMembers;

  /** A topic without members; its messages count in one flow, those to slow members in another. */
  Topic(String name, Senders publishers, Flow quick, Flow slow) {
    this.name = name;
    this.publishers = publishers;
    this.quick = quick;
    this.slow = slow;
  }

  String name() {
    return name;
  }

  Senders publishers() {
    return publishers;
  }

  /** A member is in. */
  void joined(Receiver member) {
    count(member, 1);
  }

  /** A member that was in is gone. */
  void left(Receiver member) {
    count(member, -1);
  }

  /** A message was published: every member shall get it. */
  void published() {
    quick.sent();
    quick.expect(quickMembers);
    slow.expect(slowMembers);
  }

  private void count(Receiver member, int by) {
    if (member.flow() == slow) {
      slowMembers += by;
    } else {
      quickMembers += by;
    }
  }
}
