package io.heartbus.server.interleaving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of one topic: what each channel published, and what each member got. A member gets
 * every message that was sent after it knew that it was one; what was sent before may come or not,
 * but what comes has no gap unless the server owns up to it.
 */
final class Topic {
  private final World world;
  private final boolean drops;
  private final Map<Integer, Member> channels = new LinkedHashMap<>();

  /** A topic that drops the oldest, or else one that makes publishers wait. */
  Topic(World world, boolean drops) {
    this.world = world;
    this.drops = drops;
  }

  Traffic join(ChannelModel channel) {
    Member member = new Member(channel);
    channels.put(channel.serial(), member);
    return member;
  }

  /** What one member got of one publisher's messages. */
  private static final class Got {
    int first = -1;
    int last = -1;
    int count;
  }

  /** A channel: publisher and, if it grants credit, subscriber. */
  private final class Member implements Traffic {
    private final ChannelModel channel;
    private final List<byte[]> published = new ArrayList<>();
    private final List<Long> publishedAt = new ArrayList<>();
    private final Map<Integer, Got> got = new LinkedHashMap<>();
    private long confirmedAt = Long.MAX_VALUE;
    private long droppedMessages;

    /** Whether messages that nobody got yet may never be handled. */
    private boolean cut;

    /** Whether it has left, so that the server does not wait for room on its behalf any more. */
    private boolean gone;

    Member(ChannelModel channel) {
      this.channel = channel;
    }

    @Override
    public void confirmed() {
      confirmedAt = world.tick();
    }

    @Override
    public void sent(byte[] message) {
      published.add(message);
      publishedAt.add(world.tick());
    }

    @Override
    public void cutOff(int code) {
      cut = true;
      gone = true;
    }

    @Override
    public void left() {
      gone = true;
    }

    /** The first message that a member must not miss. */
    private int firstCertain(Member member) {
      int first = 0;
      while (first < publishedAt.size() && publishedAt.get(first) < member.confirmedAt) {
        first++;
      }
      return first;
    }

    @Override
    public void received(byte[] message) {
      Member publisher = channels.get(Message.serial(message));
      int number = Message.number(message);
      if (publisher == null || publisher == this || number >= publisher.published.size()) {
        throw new AssertionError("a message that nobody published to " + channel);
      }
      if (!Arrays.equals(publisher.published.get(number), message)) {
        throw new AssertionError("another message than was published");
      }
      Got from = got.computeIfAbsent(publisher.channel.serial(), _ -> new Got());
      boolean gap =
          from.count == 0 ? number > publisher.firstCertain(this) : number != from.last + 1;
      if (number <= from.last || (gap && !drops && !publisher.gone)) {
        throw new AssertionError("after #" + from.last + " of a publisher came #" + number);
      }
      from.first = from.count == 0 ? number : from.first;
      from.last = number;
      from.count++;
      world.checked++;
    }

    @Override
    public void dropped(long messages) {
      boolean allowed = drops || channels.values().stream().anyMatch(member -> member.gone);
      if (!allowed || messages < 1) {
        throw new AssertionError(messages + " DROPPED on " + channel);
      }
      droppedMessages += messages;
    }

    @Override
    public String unmet() {
      if (!channel.receives() || confirmedAt == Long.MAX_VALUE) {
        return "";
      }
      long received = 0;
      long least = 0;
      long most = 0;
      for (Member publisher : channels.values()) {
        if (publisher != this) {
          Got from = got.getOrDefault(publisher.channel.serial(), new Got());
          int first = publisher.firstCertain(this);
          first = from.count == 0 ? first : Math.min(first, from.first);
          int last = publisher.cut ? from.last : publisher.published.size() - 1;
          received += from.count;
          least += Math.max(0, last + 1 - first);
          most += publisher.published.size();
        }
      }
      long known = received + droppedMessages;
      return known >= least && known <= most
          ? ""
          : "got %d, dropped %d, but %d to %d were published"
              .formatted(received, droppedMessages, least, most);
    }
  }
}
