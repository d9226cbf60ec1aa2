package io.heartbus.server.interleaving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of one group: who got which message, and whether that counts as taken. A message
 * goes to one member; when that ends before its credit covered it, to another.
 */
final class Group {
  private final World world;
  private final Map<Integer, Member> channels = new LinkedHashMap<>();

  Group(World world) {
    this.world = world;
  }

  Traffic join(ChannelModel channel) {
    Member member = new Member(channel);
    channels.put(channel.serial(), member);
    return member;
  }

  /** A group that nobody is in forgets what waits. Called at every end of a channel in it. */
  private void forgetIfEmpty() {
    if (channels.values().stream().noneMatch(member -> member.certain)) {
      channels.values().forEach(member -> member.published.forEach(work -> work.certain = false));
    }
  }

  private static final class Work {
    final byte[] message;
    final List<Member> takers = new ArrayList<>();

    /** Whether it must reach somebody. */
    boolean certain = true;

    /** Whether credit has covered it, and nobody else may get it. */
    boolean covered;

    Work(byte[] message) {
      this.message = message;
    }

    private boolean held() {
      return covered || takers.stream().anyMatch(taker -> !taker.over);
    }
  }

  /** A channel: it may send work, and, if it grants credit, take some. */
  private final class Member implements Traffic {
    private final ChannelModel channel;
    private final List<Work> published = new ArrayList<>();
    private final ArrayDeque<Work> uncovered = new ArrayDeque<>();
    private final List<Work> coveredByUs = new ArrayList<>();
    private long creditBytes;

    /** Whether it is in the group for certain. */
    private boolean certain;

    private boolean over;

    Member(ChannelModel channel) {
      this.channel = channel;
    }

    @Override
    public void confirmed() {
      certain = !over && !(channel.ended() && !channel.receives());
    }

    @Override
    public void sent(byte[] message) {
      published.add(new Work(message));
    }

    @Override
    public void received(byte[] message) {
      Member publisher = channels.get(Message.serial(message));
      int number = Message.number(message);
      if (publisher == null || publisher == this || number >= publisher.published.size()) {
        throw new AssertionError("work that nobody else sent to " + channel);
      }
      Work work = publisher.published.get(number);
      if (!Arrays.equals(work.message, message)) {
        throw new AssertionError("other work than was sent");
      }
      if (work.takers.contains(this)) {
        throw new AssertionError("#" + number + " came twice to " + channel);
      }
      if (!over && work.held()) {
        throw new AssertionError("#" + number + " came to " + channel + " and to " + work.takers);
      }
      work.takers.add(this);
      uncovered.add(work);
      world.checked++;
    }

    @Override
    public void credited(long delta) {
      creditBytes += delta;
      while (!uncovered.isEmpty() && creditBytes >= cost(uncovered.element())) {
        Work work = uncovered.remove();
        creditBytes -= cost(work);
        work.covered = true;
        coveredByUs.add(work);
      }
    }

    private long cost(Work work) {
      return (long) work.message.length + Octets.COST;
    }

    @Override
    public void ended() {
      if (!channel.receives()) {
        leave();
      }
    }

    private void leave() {
      certain = false;
      forgetIfEmpty();
    }

    /** Nobody waits for room on behalf of a node that has left. */
    @Override
    public void left() {
      forgetUntaken();
      closed();
    }

    @Override
    public void closed() {
      over = true;
      leave();
    }

    @Override
    public void cutOff(int code) {
      if (code < 0) {
        connectionCut();
      }
      left();
    }

    private void forgetUntaken() {
      published.stream()
          .filter(work -> work.takers.isEmpty())
          .forEach(work -> work.certain = false);
    }

    /** The server may not have read the credit. */
    @Override
    public void connectionCut() {
      coveredByUs.forEach(work -> work.covered = false);
      coveredByUs.forEach(work -> work.certain = false);
    }

    @Override
    public String unmet() {
      if (!certain || !channel.receives()) {
        return "";
      }
      long missing =
          channels.values().stream()
              .filter(member -> member != this)
              .flatMap(member -> member.published.stream())
              .filter(work -> work.certain && !work.held())
              .count();
      return missing == 0 ? "" : missing + " works have reached nobody";
    }

    @Override
    public String toString() {
      return channel + (over ? " (over)" : "");
    }
  }
}
