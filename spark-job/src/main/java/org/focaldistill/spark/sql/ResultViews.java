package org.focaldistill.spark.sql;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.TableView;

/**
 * The temporary views of {@code views.sql} over a results folder: its tables {@code plan}, {@code trials}, {@code
 * epochs}, {@code reliability}, {@code attempts}, {@code open_epochs} and {@code races}, and what follows from them, {@code cells} and {@code yardstick}
 * among others; the comments of that file describe them.
 */
public final class ResultViews {
    private static final String RESOURCE = "/views.sql";
    private static final String NAMED = "CREATE OR REPLACE TEMPORARY VIEW ";
    /** Where one of these has rows, all views are made. */
    private static final Set<String> COURSES = Set.of("trials", "open_epochs");

    private ResultViews() {}

    /**
     * Makes the views of a session, in place of those of another results folder. They hold what is there now and the
     * store takes for rows. Before the first epoch of a trial is there only the tables that have rows are made.
     *
     * @param results the results folder, as {@code paths.results} names it
     * @return the names of the views made
     * @throws FileNotFoundException if there are no results in the folder
     * @throws IOException if the folder can not be read
     */
    public static Set<String> create(SparkSession session, String results) throws IOException {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        Map<String, TableView> tables = new ResultStore(hadoop, new Path(results)).views();
        boolean all = COURSES.stream().anyMatch(name -> hasRows(tables, name)) && hasRows(tables, "plan");
        Set<String> made = new TreeSet<>();
        tables.forEach((name, table) -> {
            session.catalog().dropTempView(name);
            if (all || !table.empty()) {
                rows(session, name, table).createOrReplaceTempView(name);
                made.add(name);
            }
        });
        if (made.isEmpty()) {
            throw new FileNotFoundException("There are no results in " + results
                    + " yet; focaldistill sweep makes some. Is paths.results right?");
        }
        for (String statement : statements()) {
            String name = nameOf(statement);
            if (tables.containsKey(name)) {
                continue;
            }
            session.catalog().dropTempView(name);
            if (all) {
                session.sql(statement);
                made.add(name);
            }
        }
        return made;
    }

    private static boolean hasRows(Map<String, TableView> tables, String name) {
        return !Objects.requireNonNull(tables.get(name), name).empty();
    }

    /** What the first statements of {@code views.sql} are to those who have no store. */
    private static Dataset<Row> rows(SparkSession session, String name, TableView table) {
        if (table.empty()) {
            return session.createDataFrame(List.of(), StructType.fromDDL(table.ddl()));
        }
        return switch (name) {
            case "plan" ->
                stored(session, table, false)
                        .withColumn("file_time", functions.col("_metadata.file_modification_time"));
            case "open_epochs", "races" -> held(session, stored(session, table, true));
            default -> stored(session, table, false);
        };
    }

    /** The rows there are now: their files are replaced, and deleted, while the session goes on. */
    private static Dataset<Row> held(SparkSession session, Dataset<Row> rows) {
        return session.createDataFrame(rows.collectAsList(), rows.schema());
    }

    /** @param vanishing whether a file may be gone when it is read */
    private static Dataset<Row> stored(SparkSession session, TableView table, boolean vanishing) {
        Dataset<Row> rows = session.read()
                .schema(table.ddl())
                // A folder's name is no pattern.
                .option("__globPaths__", false)
                .option("pathGlobFilter", "*.parquet")
                .option("ignoreMissingFiles", vanishing)
                // Next to a file that was replaced, the checksums of another program would be held against it.
                .option("fs.file.impl", RawLocalFileSystem.class.getName())
                .option("fs.file.impl.disable.cache", true)
                .parquet(table.folder().toString());
        Column file = functions.col("_metadata.file_name");
        return rows.where(file.rlike(table.names())
                .and(functions.not(file.isin(table.others().toArray()))));
    }

    private static List<String> statements() throws IOException {
        try (InputStream file = Objects.requireNonNull(ResultViews.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .collect(Collectors.joining("\n"));
            List<String> statements = new ArrayList<>();
            for (String statement : text.split(";(\n|$)", -1)) {
                if (!statement.isBlank()) {
                    statements.add(statement.strip());
                }
            }
            return statements;
        }
    }

    private static String nameOf(String statement) {
        if (!statement.startsWith(NAMED)) {
            throw new IllegalStateException(RESOURCE + " has a statement that makes no view: " + statement);
        }
        return statement.substring(NAMED.length(), statement.indexOf(" AS")).strip();
    }
}
