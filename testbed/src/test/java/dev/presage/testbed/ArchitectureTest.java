package dev.presage.testbed;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** The simulation stays a pure function of its inputs. */
@AnalyzeClasses(packages = "dev.presage.testbed", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule engineAndTraceKnowNoTransport = noClasses()
            .that()
            .resideInAnyPackage("dev.presage.testbed.engine..", "dev.presage.testbed.trace..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.helidon..", "java.net..", "java.util.concurrent..", "dev.presage.testbed.server..")
            .because("the policy lab runs them in virtual time on its own thread");

    @ArchTest
    static final ArchRule engineAndTraceReadNoClock = noClasses()
            .that()
            .resideInAnyPackage("dev.presage.testbed.engine..", "dev.presage.testbed.trace..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("who drives an engine says what time it is");
}
