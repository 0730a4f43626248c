package dev.presage.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.presage.trainer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule trainerKnowsNoRouter = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.presage.router..", "dev.presage.testbed..")
            .because("the router and the trainer meet only in the log and in the bundle");

    @ArchTest
    static final ArchRule learningKnowsNoTransport = noClasses()
            .that()
            .resideInAPackage("dev.presage.trainer.learn..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "java.net..",
                    "dev.presage.store.service..",
                    "dev.presage.store.registry..",
                    "dev.presage.trainer.service..",
                    "dev.presage.trainer.evaluate..")
            .because("the policy lab learns in virtual time with the same code");
}
