package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.MORE;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Publish and subscribe, as its members see it. */
class TopicTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "topic/*", handler = topic }
              { match = "default", handler = topic }
            ]
            """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Member join(String id, String topic) throws IOException {
    return Member.join(server, id).open(3, topic);
  }

  @Test
  @DisplayName("a message goes to every other member of its topic, and to nobody else")
  void aMessageGoesToEveryOtherMemberOfItsTopic() throws IOException {
    try (Member sender = join("sender", "topic/a");
        Member one = join("one", "topic/a");
        Member other = join("other", "topic/a");
        Member stranger = join("stranger", "topic/ab")) {
      sender.say(3, "first").say(3, "second");
      one.hears(3, "first", "second");
      other.hears(3, "first", "second");
      // The first had gone to all before the second went to anybody, and to its sender not.
      one.say(3, "answer");
      sender.hears(3, "answer");
      stranger.open(5, "echo").say(5, "x").hears(5, "x").fence();
    }
  }

  @Test
  @DisplayName("who opened without a grant only sends, to a topic that may have no other member")
  void whoOpenedWithoutAGrantOnlySends() throws IOException {
    try (Member alone = Member.join(server, "alone")) {
      alone.open(3, "topic/b", 0).open(5, "echo").say(3, "nobody hears that").fence();
      try (Member one = join("one", "topic/b");
          Member other = join("other", "topic/b")) {
        one.say(3, "a").say(3, "b");
        other.hears(3, "a", "b");
        alone.say(3, "c");
        other.hears(3, "c");
        one.hears(3, "c");
        // Its own end is the server's, too: there is nothing to stay for.
        alone.say(5, "x").hears(5, "x").send(close(3)).closed(3);
      }
    }
  }

  @Test
  @DisplayName("two channels of one node are two members")
  void twoChannelsOfOneNodeAreTwoMembers() throws IOException {
    try (Member node = join("twice", "topic/c")) {
      node.open(5, "topic/c").say(3, "from 3").hears(5, "from 3");
      node.say(5, "from 5").hears(3, "from 5");
    }
  }

  @Test
  @DisplayName("messages of one publisher reach every member in their order")
  void messagesOfOnePublisherReachEveryMemberInTheirOrder() throws IOException {
    int rounds = 150;
    List<Member> members = new ArrayList<>();
    try (Member red = join("red", "topic/d");
        Member blue = join("blue", "topic/d")) {
      for (int i = 0; i < 3; i++) {
        members.add(join("member-" + i, "topic/d"));
      }
      for (int i = 0; i < rounds; i++) {
        red.say(3, "red " + i);
        blue.say(3, "blue " + i);
        // Both get what the other says, and with it credit for more.
        red.hears(3, "blue " + i);
        blue.hears(3, "red " + i);
      }
      for (Member member : members) {
        int reds = 0;
        int blues = 0;
        for (int i = 0; i < 2 * rounds; i++) {
          String text = member.text(3);
          assertThat(text).isEqualTo(text.startsWith("red") ? "red " + reds : "blue " + blues);
          reds += text.startsWith("red") ? 1 : 0;
          blues += text.startsWith("blue") ? 1 : 0;
        }
        assertThat(reds).isEqualTo(rounds);
      }
    } finally {
      for (Member member : members) {
        member.close();
      }
    }
  }

  @Test
  @DisplayName("a message is sent on when it is complete, cut as each member needs it")
  void aMessageIsSentOnWhenItIsComplete() throws IOException {
    try (Member sender = join("sender", "topic/e");
        Member narrow = Member.join(server, RawRegister.of("narrow").frameBytesMax(4096));
        Member wide = join("wide", "topic/e")) {
      narrow.open(3, "topic/e");
      String part = "x".repeat(1_900);
      sender.send(data(3, MORE, part));
      sender.send(data(3, MORE, part)).awaitGranted(3, Member.GRANT + 2 * 1_964L);
      wide.open(5, "echo").say(5, "x").hears(5, "x").fence();
      sender.send(data(3, 0, part));
      assertThat(wide.text(3)).isEqualTo(part.repeat(3));
      assertThat(narrow.text(3)).isEqualTo(part.repeat(3));
    }
  }

  @Test
  @DisplayName("who has left hears nothing more, and can come back")
  void whoHasLeftHearsNothingMore() throws IOException {
    try (Member sender = join("sender", "topic/f");
        Member stays = join("stays", "topic/f");
        Member leaves = join("leaves", "topic/f");
        Member gone = join("gone", "topic/f")) {
      sender.say(3, "a");
      stays.hears(3, "a");
      leaves.hears(3, "a").send(close(3, 0x8000)).fence();
      gone.hears(3, "a");
      gone.peer().hangUp();
      TestServer.await(() -> !server.find("gone").live(), () -> "it is still here");
      sender.say(3, "b").say(3, "c");
      stays.hears(3, "b", "c");
      leaves.open(5, "topic/f").fence();
      sender.say(3, "d");
      stays.hears(3, "d");
      leaves.hears(5, "d");
    }
  }

  @Test
  @DisplayName("the default channel is a member from REGISTER on when its route is a topic")
  void theDefaultChannelIsAMemberFromRegisterOn() throws IOException {
    try (Member listener = Member.join(server, "listener");
        LegacyPeer php = LegacyPeer.connect(server);
        Member speaker = Member.join(server, "speaker")) {
      php.register("php", "[]");
      speaker.say(1, "to all");
      listener.hears(1, "to all");
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("to all");
    }
  }

  @Test
  @DisplayName("a legacy node is a member by its default channel, and may publish")
  void aLegacyNodeIsAMemberByItsDefaultChannel() throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server);
        Member node = Member.join(server, "modern")) {
      php.register("php", "[]");
      php.send(RawFrame.DATA, 1, "from PHP: \u00e4");
      node.hears(1, "from PHP: \u00e4").say(1, "to PHP: \u00f6\n\"");
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("to PHP: \u00f6\n\"");
      // No text, so not for PHP; what follows is.
      node.send(data(1, 0, new byte[] {(byte) 0xFF})).say(1, "text");
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("text");
    }
  }
}
