package dev.presage.store;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "dev.presage", importOptions = ImportOption.DoNotIncludeTests.class)
class StoreArchitectureTest {
    @ArchTest
    static final ArchRule THE_STORE_KNOWS_NEITHER_ROUTER_NOR_TRAINER = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("dev.presage.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.presage.router..", "dev.presage.trainer..", "dev.presage.testbed..", "org.tribuo..")
            .because("the router loads bundles and must not get the trainer with them");

    @ArchTest
    static final ArchRule PREDICTION_IS_ARITHMETIC_ON_THE_FEATURE_ROW = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("dev.presage.store.predict")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.presage.store.predict",
                    "dev.presage.store.proto",
                    "dev.presage.pipeline.features",
                    "com.google.protobuf..",
                    "org.jspecify..",
                    "java..")
            .because("it runs in every pick, and in virtual time in the lab");

    @ArchTest
    static final ArchRule BUNDLES_KNOW_NO_REGISTRY = layer("bundle", "registry", "service", "cli");

    @ArchTest
    static final ArchRule THE_REGISTRY_KNOWS_NO_NETWORK = layer("registry", "service", "cli");

    @ArchTest
    static final ArchRule THE_SERVICE_KNOWS_NO_COMMAND_LINE = layer("service", "cli");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.presage.store.(*)..").should().beFreeOfCycles();

    private static ArchRule layer(String below, String... above) {
        String[] packages = new String[above.length];
        for (int i = 0; i < above.length; i++) {
            packages[i] = "dev.presage.store." + above[i] + "..";
        }
        return ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("dev.presage.store." + below + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .because("arrows point from the command line down to the predictor");
    }
}
