package io.heartbus.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses client =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.heartbus.client");

  @Test
  void theLibraryNeedsNothingOfTheCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("io.heartbus.client")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            // Jackson's core comes with the protocol.
            "io.heartbus.client.cli", "picocli..", "tools.jackson.databind..")
        .check(client);
  }

  @Test
  void whatJudgesIsHandedTheTime() {
    for (Class<?> pure :
        new Class<?>[] {
          Backoff.class,
          RetryRule.class,
          ServerPool.class,
          HeartbeatPacer.class,
          Standstill.class,
          SendCredit.class,
          ReceiveCredit.class,
          Inbox.class,
          ChannelEnds.class,
          WatchProgress.class,
          PresenceCodec.class,
          Registration.class
        }) {
      noClasses()
          .that()
          .belongToAnyOf(pure)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent.locks", "java.nio.channels", "java.net")
          .check(client);
    }
  }

  @Test
  void onlyTheCommandLinePrintsAndEndsTheProcess() {
    noClasses()
        .that()
        .resideInAPackage("io.heartbus.client")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(client);
  }

  @Test
  void nothingIsKeptPerThread() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).check(client);
    classes()
        .that()
        .resideInAPackage("io.heartbus.client.cli")
        .should()
        .notBePublic()
        .orShould()
        .haveSimpleName("ClientMain")
        .check(client);
  }
}
