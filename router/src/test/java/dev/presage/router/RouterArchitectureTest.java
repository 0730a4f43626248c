package dev.presage.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.presage", importOptions = DoNotIncludeTests.class)
class RouterArchitectureTest {
    private static final String[] CORE = {
        "dev.presage.router",
        "dev.presage.router.body..",
        "dev.presage.router.request..",
        "dev.presage.router.fleet..",
        "dev.presage.router.prefix..",
        "dev.presage.router.eject..",
        "dev.presage.router.predict..",
        "dev.presage.router.pick..",
        "dev.presage.router.observe..",
        "dev.presage.router.peer..",
        "dev.presage.router.slo..",
        "dev.presage.router.plugin..",
        "dev.presage.router.program..",
        "dev.presage.router.flow.."
    };

    @ArchTest
    static final ArchRule coreKnowsNoTransport = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.grpc..",
                    "io.envoyproxy..",
                    "io.netty..",
                    "io.micrometer..",
                    "io.fabric8..",
                    "org.apache.kafka..",
                    "picocli..")
            .because("the same core runs in the router, in the policy lab and when a logged decision is replayed");

    @ArchTest
    static final ArchRule coreKnowsNoAdapter = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.presage.router.envoy..",
                    "dev.presage.router.discovery..",
                    "dev.presage.router.scrape..",
                    "dev.presage.router.kafka..",
                    "dev.presage.router.config..",
                    "dev.presage.router.metrics..",
                    "dev.presage.router.model..",
                    "dev.presage.router.admin..",
                    "dev.presage.router.epp..")
            .because("adapters depend inward");

    @ArchTest
    static final ArchRule routerDoesNotLearn = noClasses()
            .that()
            .resideInAPackage("dev.presage.router..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.presage.trainer..", "dev.presage.testbed..", "org.tribuo..", "ml.dmlc..")
            .because("the router loads compiled bundles and its image has no trainer");

    @ArchTest
    static final ArchRule onlyTheCompositionRootKnowsItself = noClasses()
            .that()
            .resideOutsideOfPackage("dev.presage.router.epp..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.presage.router.epp..")
            .because("it knows every adapter");
}
