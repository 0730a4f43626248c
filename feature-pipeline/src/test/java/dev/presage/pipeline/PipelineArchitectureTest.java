package dev.presage.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.presage", importOptions = DoNotIncludeTests.class)
class PipelineArchitectureTest {
    @ArchTest
    static final ArchRule featuresDependOnNothing = classes()
            .that()
            .resideInAPackage("dev.presage.pipeline.features")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.presage.pipeline.features", "java..", "org.jspecify..")
            .because("the router's core and the trainer share the row, and neither may inherit Kafka from it");

    @ArchTest
    static final ArchRule launcherKnowsNoSubcommand = classes()
            .that()
            .resideInAPackage("dev.presage.cli")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.presage.cli", "picocli", "java..", "org.slf4j..", "org.jspecify..")
            .because("subcommands come from the class path, so the launcher knows none of them");

    @ArchTest
    static final ArchRule topicsDependOnNoRoom = noClasses()
            .that()
            .resideInAPackage("dev.presage.pipeline.topics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.presage.pipeline.broker", "dev.presage.pipeline.join", "dev.presage.pipeline.eventlog")
            .because("topics is what the rooms share");

    @ArchTest
    static final ArchRule roomsShareOnlyTheTopics = slices().matching("dev.presage.pipeline.(broker|join|eventlog)")
            .should()
            .notDependOnEachOther()
            .because("a router reads the log without Kafka Streams, and a join runs without a broker in its process");

    @ArchTest
    static final ArchRule onlyTheBrokerKnowsKafkasServer = noClasses()
            .that()
            .resideOutsideOfPackage("dev.presage.pipeline.broker")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server..", "scala..")
            .because("everything else runs against any Kafka");

    @ArchTest
    static final ArchRule onlyTheJoinKnowsKafkaStreams = noClasses()
            .that()
            .resideOutsideOfPackage("dev.presage.pipeline.join")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka.streams..", "org.rocksdb..")
            .because("readers and writers of the log need only Kafka's clients");
}
