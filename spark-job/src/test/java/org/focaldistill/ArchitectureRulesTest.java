package org.focaldistill;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.focaldistill.cuda.OpenCard;
import org.focaldistill.nn.backend.CudaDevice;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.backend.NativeFolder;
import org.focaldistill.nn.backend.NativeLimit;
import org.focaldistill.nn.backend.NativeMemory;
import org.focaldistill.nn.backend.NativeMemoryException;
import org.focaldistill.nn.backend.NativeNeeds;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.train.Engine;

/** Which package may use which other, and which libraries. */
@AnalyzeClasses(packages = "org.focaldistill", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRulesTest {
    private static final String ROOT = "org.focaldistill";
    private static final String[] ND4J = {"org.nd4j..", "org.deeplearning4j..", "org.bytedeco.."};
    /** What drives Deeplearning4j's parameter averaging. */
    private static final String AVERAGING =
            ROOT + "\\.spark\\.averaging\\.(AveragingMaster|AveragingWorker|BatchLoader|SparkRounds)";

    private static final String HADOOP = "org.apache.hadoop..";

    /** Each package, and what it uses of this project beside itself. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(
            Map.entry("data", Set.of()),
            Map.entry("net", Set.of()),
            Map.entry("loss", Set.of()),
            Map.entry("metrics", Set.of("loss")),
            Map.entry("text", Set.of()),
            Map.entry("zoo", Set.of("net")),
            Map.entry("weights", Set.of("net")),
            Map.entry("train", Set.of("data", "net", "weights", "loss", "metrics", "sweep")),
            Map.entry("nn", Set.of("data", "net", "weights", "loss", "sweep", "train")),
            Map.entry("cuda", Set.of("data", "net", "weights", "loss", "sweep", "train")),
            Map.entry("sweep", Set.of("loss", "text")),
            Map.entry("config", Set.of("sweep", "loss", "data", "text")),
            Map.entry("store", Set.of("sweep", "data", "weights", "loss", "text")),
            Map.entry("report", Set.of("sweep", "loss", "store", "text")),
            Map.entry(
                    "spark",
                    Set.of(
                            "cuda", "sweep", "train", "store", "data", "loss", "metrics", "net", "nn", "weights", "zoo",
                            "text")),
            Map.entry(
                    "cli",
                    Set.of(
                            "config", "data", "loss", "metrics", "net", "nn", "report", "spark", "store", "sweep",
                            "text", "train", "weights", "zoo")));

    /** The floors of nn: what each of its packages uses of the others. Its own name is the interface of the kernels. */
    private static final Map<String, Set<String>> NN_USES = Map.of(
            "nn", Set.of(),
            "nd4j", Set.of("nn"),
            "winograd", Set.of("nn"),
            "onednn", Set.of("nn", "winograd"),
            "backend", Set.of("nn", "nd4j", "onednn"),
            "fold", Set.of("nn"),
            "dl4j", Set.of("nn", "backend", "fold"),
            "averaging", Set.of("dl4j"));

    /** The floors of spark: what each of its packages uses of the others. Its own name is the sweep's way, at the top. */
    private static final Map<String, Set<String>> SPARK_USES = Map.ofEntries(
            Map.entry("gpu", Set.of()),
            Map.entry("slots", Set.of()),
            Map.entry("cluster", Set.of("gpu", "slots")),
            Map.entry("input", Set.of("gpu")),
            Map.entry("bank", Set.of("input", "cluster")),
            Map.entry("averaging", Set.of("cluster")),
            Map.entry("spark", Set.of("bank", "averaging", "input", "cluster", "slots", "gpu")),
            Map.entry("bench", Set.of("spark", "bank", "input", "cluster", "gpu")),
            Map.entry("sql", Set.of("cluster")));

    private static final Table ROOMS = new Table(ROOT, USES);
    private static final Table NN_ROOMS = new Table(ROOT + ".nn", NN_USES);
    private static final Table SPARK_ROOMS = new Table(ROOT + ".spark", SPARK_USES);

    @ArchTest
    static final ArchRule packages_use_what_the_table_allows = classes().should(new KeepTo(ROOMS));

    @ArchTest
    static final ArchRule packages_of_spark_use_what_their_table_allows =
            classes().that().resideInAPackage(ROOT + ".spark..").should(new KeepTo(SPARK_ROOMS));

    @ArchTest
    static final ArchRule packages_of_nn_use_what_their_table_allows =
            classes().that().resideInAPackage(ROOT + ".nn..").should(new KeepTo(NN_ROOMS));

    @ArchTest
    static void the_tables_allow_nothing_that_is_not_used(JavaClasses all) {
        for (Table table : List.of(ROOMS, NN_ROOMS, SPARK_ROOMS)) {
            assertThat(table.usedBy(all)).as(table.root()).containsExactlyInAnyOrderEntriesOf(table.uses());
        }
    }

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().assignedFrom(ROOMS).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packages_of_spark_have_no_cycles =
            slices().assignedFrom(SPARK_ROOMS).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packages_of_nn_have_no_cycles =
            slices().assignedFrom(NN_ROOMS).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule of_the_plan_a_training_knows_its_recipe_its_losses_and_what_computes_it = noClasses()
            .that()
            .resideInAPackage(rooms("train")[0])
            .should()
            .dependOnClassesThat(
                    in("sweep").and(not(Recipe.class)).and(not(SplitLoss.class)).and(not(Computation.class)));

    @ArchTest
    static final ArchRule outside_train_the_loss_is_its_plain_records = noClasses()
            .that()
            .resideInAnyPackage(rooms("sweep", "config", "store", "report", "spark"))
            .should()
            .dependOnClassesThat(in("loss").and(simpleNameStartingWith("DistillationLoss")));

    @ArchTest
    static final ArchRule of_nn_the_commands_and_the_driver_know_only_what_it_runs_on = noClasses()
            .that()
            .resideInAnyPackage(rooms("cli", "spark"))
            .and()
            .haveNameNotMatching(AVERAGING + "|" + ROOT + "\\.spark\\.(gpu\\.Engines|AveragingLeg.*|averaging\\..*)")
            .should()
            .dependOnClassesThat(in("nn").and(not(KernelLibraries.class))
                    .and(not(NativeMemory.class))
                    .and(not(NativeMemoryException.class))
                    .and(not(NativeLimit.class))
                    .and(not(NativeNeeds.class))
                    .and(not(NativeFolder.class))
                    .and(not(CudaDevice.class)));

    @ArchTest
    static final ArchRule engines_are_made_in_one_place = noClasses()
            .that()
            .doNotBelongToAnyOf(Engines.class, OpenCard.class)
            .should()
            .dependOnClassesThat(assignableTo(Engine.class).and(not(Engine.class)));

    @ArchTest
    static final ArchRule only_spark_uses_spark_and_doctor_its_version = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".spark..")
            .and()
            .doNotHaveSimpleName("DoctorCommand")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..");

    @ArchTest
    static final ArchRule doctor_uses_of_spark_only_its_version = noClasses()
            .that()
            .haveSimpleName("DoctorCommand")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.spark..", "scala..")
                    .and(DescribedPredicate.not(name("org.apache.spark.package$"))));

    @ArchTest
    static final ArchRule only_nn_and_what_drives_dl4j_s_averaging_use_nd4j_and_the_export_its_classes_of_onnx =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(rooms("nn"))
                    .and()
                    .doNotHaveSimpleName("OnnxGraph")
                    .and()
                    .haveNameNotMatching(AVERAGING)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ND4J);

    @ArchTest
    static final ArchRule only_parameter_averaging_uses_dl4j_s_spark_module = noClasses()
            .that()
            .haveNameNotMatching(AVERAGING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j.spark..", "org.datavec..");

    @ArchTest
    static final ArchRule only_nn_knows_javacpp = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".nn..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule hashes_are_made_with_commons_codec =
            noClasses().should().callMethod(MessageDigest.class, "getInstance", String.class);

    @ArchTest
    static final ArchRule only_a_card_s_driver_and_our_own_kernels_call_native_functions_and_one_class_the_c_library =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ROOT + ".cuda.driver..", ROOT + ".nn.winograd..")
                    .and()
                    .haveNameNotMatching(ROOT + "\\.spark\\.gpu\\.ProcessEnvironment(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule a_card_s_driver_knows_nothing_of_networks = noClasses()
            .that()
            .resideInAPackage(ROOT + ".cuda.driver..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + "..")
                    .and(DescribedPredicate.not(resideInAnyPackage(ROOT + ".cuda.driver.."))));

    @ArchTest
    static final ArchRule hadoop_is_used_where_files_are_and_nowhere_else = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("store", "spark", "report", "cli"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HADOOP);

    @ArchTest
    static final ArchRule only_store_knows_parquet = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.parquet..");

    @ArchTest
    static final ArchRule only_the_command_line_knows_picocli = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule only_reports_are_drawn_and_written_as_pages = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jfree..", "j2html..");

    @ArchTest
    static final ArchRule only_the_command_that_asks_for_a_report_adds_the_published_study = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("cli", "report.study"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(rooms("report.study"));

    @ArchTest
    static final ArchRule only_config_knows_hocon = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.typesafe.config..");

    @ArchTest
    static final ArchRule names_say_what_a_class_is =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager)");

    @ArchTest
    static final ArchRule what_goes_to_executors_is_made_of_plain_values = noClasses()
            .that()
            .areAssignableTo(Serializable.class)
            .and()
            .areRecords()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ND4J);

    /** A file, or a message, must never choose which classes are made. */
    @ArchTest
    static final ArchRule nothing_is_read_as_serialized_java_objects = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.ObjectInput.*|java\\.beans\\.XMLDecoder|net\\.razorvine\\..*"
                    + "|org\\.deeplearning4j\\.util\\.ModelSerializer|org\\.apache\\.commons\\.lang3\\.SerializationUtils"
                    + "|com\\.esotericsoftware\\..*");

    private static DescribedPredicate<JavaClass> in(String room) {
        return resideInAnyPackage(rooms(room));
    }

    private static DescribedPredicate<JavaClass> not(Class<?> allowed) {
        return DescribedPredicate.describe(
                "other than " + allowed.getSimpleName(), found -> !found.isEquivalentTo(allowed));
    }

    private static String[] rooms(String... rooms) {
        return List.of(rooms).stream().map(room -> ROOT + "." + room + "..").toArray(String[]::new);
    }

    /**
     * Packages below one of this project's, and what each uses of the others.
     *
     * @param root the package above them, which is one of them itself, under its own last name
     */
    private record Table(String root, Map<String, Set<String>> uses) implements SliceAssignment {
        boolean has(JavaClass type) {
            return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
        }

        String room(JavaClass type) {
            String name = type.getPackageName();
            return name.equals(root)
                    ? last(root)
                    : name.substring(root.length() + 1).split("\\.", -1)[0];
        }

        private static String last(String name) {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /** What a class uses of other rooms. */
        Stream<Dependency> outward(JavaClass type) {
            return type.getDirectDependenciesFromSelf().stream()
                    .filter(dependency -> has(dependency.getTargetClass()))
                    .filter(dependency -> !room(dependency.getTargetClass()).equals(room(type)));
        }

        Map<String, Set<String>> usedBy(JavaClasses all) {
            Map<String, Set<String>> used = new TreeMap<>();
            for (JavaClass type : all) {
                if (has(type)) {
                    Set<String> others = used.computeIfAbsent(room(type), room -> new TreeSet<>());
                    outward(type).forEach(dependency -> others.add(room(dependency.getTargetClass())));
                }
            }
            return used;
        }

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return has(type) ? SliceIdentifier.of(room(type)) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of " + root;
        }
    }

    private static final class KeepTo extends ArchCondition<JavaClass> {
        private final Table table;

        KeepTo(Table table) {
            super("use only the " + table.getDescription() + " that the table names for theirs");
            this.table = table;
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            String room = table.room(type);
            Set<String> allowed = table.uses().get(room);
            if (allowed == null) {
                events.add(SimpleConditionEvent.violated(type, "The table has no package " + room));
                return;
            }
            table.outward(type)
                    .filter(dependency -> !allowed.contains(table.room(dependency.getTargetClass())))
                    .forEach(dependency ->
                            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
        }
    }
}
