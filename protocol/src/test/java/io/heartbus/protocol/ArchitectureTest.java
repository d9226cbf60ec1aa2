package io.heartbus.protocol;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** This room: bytes only, and what it may lean on. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.heartbus.protocol");

  /** Packages of java.base; nothing else of the JDK is needed for bytes. */
  private static final String[] BASE = {
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.io",
    "java.math",
    "java.nio",
    "java.nio.charset",
    "java.util",
    "java.util.function",
    "java.util.stream",
    "org.jspecify.annotations",
  };

  @Test
  void framesNeedNothingButJavaBase() {
    classes()
        .that()
        .resideInAPackage("io.heartbus.protocol")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(BASE).or(resideInAPackage("io.heartbus.protocol")))
        .check(CLASSES);
  }

  @Test
  void theLegacyCodecNeedsJacksonAndFramesBesides() {
    classes()
        .that()
        .resideInAPackage("io.heartbus.protocol.legacy")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(BASE)
                .or(resideInAnyPackage("io.heartbus.protocol..", "tools.jackson..")))
        .check(CLASSES);
  }

  @Test
  void nothingHereKnowsSocketsThreadsOrClocks() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.net..", "java.nio.channels..", "java.util.concurrent..")
                .or(resideInAPackage("java.time..")))
        .check(CLASSES);
    noClasses().should().dependOnClassesThat().areAssignableTo(Thread.class).check(CLASSES);
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).check(CLASSES);
    noClasses().should().callMethod(System.class, "nanoTime").check(CLASSES);
  }
}
