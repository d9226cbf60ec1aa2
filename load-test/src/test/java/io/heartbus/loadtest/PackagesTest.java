package io.heartbus.loadtest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A package knows only those below it, and the fleet's knows all. */
class PackagesTest {
  private static final String ROOT = "io.heartbus.loadtest";

  /** Lowest first. */
  private static final List<String> FLOORS = List.of("series", "scrape", "report", "compare");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void aPackageKnowsOnlyThoseBelowIt() {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      List<String> above = new ArrayList<>(List.of(ROOT));
      FLOORS.subList(floor + 1, FLOORS.size()).forEach(name -> above.add(ROOT + "." + name + ".."));
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + FLOORS.get(floor) + "..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(above.toArray(new String[0])))
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  @Test
  void everyClassIsInOneOfThem() {
    List<String> packages = new ArrayList<>(List.of(ROOT));
    FLOORS.forEach(name -> packages.add(ROOT + "." + name));
    classes().should().resideInAnyPackage(packages.toArray(new String[0])).check(CLASSES);
    assertThat(CLASSES).hasSizeGreaterThan(50);
  }
}
