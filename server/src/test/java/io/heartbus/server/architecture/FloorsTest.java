package io.heartbus.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import org.junit.jupiter.api.Test;

/** A room knows only the floors below it, and no room does what no room may. */
class FloorsTest {
  private static final String ROOT = "io.heartbus.server";

  /** The rooms, ground floor first; above them all is the server itself. */
  private static final List<String> FLOORS =
      List.of(
          "metrics",
          "liveness",
          "node",
          "presence",
          "webhook",
          "channel",
          "connection",
          "canary",
          "http");

  /** The presence log writes files, syncs and locks them, and is interrupted in reading them. */
  private static final Class<?>[] FILES = {
    FileChannel.class, FileLock.class, ClosedByInterruptException.class
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void aRoomKnowsOnlyTheFloorsBelowIt() {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      List<String> above = new ArrayList<>(List.of(ROOT));
      FLOORS.subList(floor + 1, FLOORS.size()).forEach(room -> above.add(ROOT + "." + room + ".."));
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + FLOORS.get(floor) + "..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(above.toArray(new String[0])))
          // A room may be built after its floor was named.
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  @Test
  void everyClassIsOnAFloor() {
    List<String> rooms = new ArrayList<>(List.of(ROOT));
    FLOORS.forEach(room -> rooms.add(ROOT + "." + room));
    classes().should().resideInAnyPackage(rooms.toArray(new String[0])).check(CLASSES);
    assertThat(CLASSES).hasSizeGreaterThan(50);
  }

  @Test
  void noRoomsKnowEachOtherInACircle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void serverAndClientNeverSeeEachOther() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.heartbus.client..", "io.heartbus.loadtest.."))
        .check(CLASSES);
  }

  @Test
  void nothingIsKeptPerThread() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).check(CLASSES);
    noClasses().should().dependOnClassesThat(type(ScopedValue.class)).check(CLASSES);
  }

  @Test
  void silenceIsNotMeasuredWithTheWallClock() {
    noClasses().should().callMethod(Instant.class, "now").check(CLASSES);
    // Judgement is handed the time; the clock is handed its source.
    noClasses()
        .that(resideInAPackage(ROOT + ".liveness"))
        .should()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }

  @Test
  void nobodySleepsAndNobodyUsesATimer() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    noClasses().should().callMethod(Thread.class, "sleep", long.class, int.class).check(CLASSES);
    noClasses().should().callMethod(Thread.class, "sleep", Duration.class).check(CLASSES);
    noClasses().should().dependOnClassesThat(type(Timer.class)).check(CLASSES);
  }

  @Test
  void theGroundFloorsKnowNoSockets() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".metrics", ROOT + ".liveness", ROOT + ".node", ROOT + ".presence")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.net..", "java.nio.channels..").and(not(belongToAnyOf(FILES))))
        .check(CLASSES);
  }
}
