package org.focaldistill.spark.sql;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The temporary views of {@code views.sql} over a results folder: its tables {@code plan}, {@code trials}, {@code
 * epochs}, {@code reliability} and {@code attempts}, and what follows from them, {@code cells} and {@code yardstick}
 * among others; the comments of that file describe them.
 */
public final class ResultViews {
    private static final String RESOURCE = "/views.sql";
    private static final String NAMED = "CREATE OR REPLACE TEMPORARY VIEW ";
    /** All that the other views are made of. */
    private static final Set<String> FOUNDATION = Set.of("plan", "trials", "epochs", "reliability");

    private static final List<String> TABLES = List.of("plan", "trials", "epochs", "reliability", "attempts");

    private ResultViews() {}

    /**
     * Makes the views of a session, in place of those of another results folder. They hold what is there now. A sweep
     * that has no finished trial has some of its tables, and only these are made then.
     *
     * @param results the results folder, as {@code paths.results} names it
     * @return the names of the views made
     * @throws FileNotFoundException if there are no results in the folder
     * @throws IOException if the folder can not be read
     */
    public static Set<String> create(SparkSession session, String results) throws IOException {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        Set<String> made = new TreeSet<>();
        for (String table : TABLES) {
            if (hasFiles(new Path(results, table), hadoop)) {
                made.add(table);
            }
        }
        if (made.isEmpty()) {
            throw new FileNotFoundException("There are no results in " + results
                    + " yet; focaldistill sweep makes some. Is paths.results right?");
        }
        session.conf().set("results", results.replace("`", "``"));
        // Files of earlier versions lack some columns.
        session.conf().set("spark.sql.parquet.mergeSchema", true);
        for (String statement : statements()) {
            String name = nameOf(statement);
            session.catalog().dropTempView(name);
            if (made.contains(name) || !TABLES.contains(name) && made.containsAll(FOUNDATION)) {
                session.sql(statement);
                made.add(name);
            }
        }
        return made;
    }

    /** Spark can not tell the columns of a folder without files. */
    private static boolean hasFiles(Path folder, Configuration hadoop) throws IOException {
        FileSystem fileSystem = folder.getFileSystem(hadoop);
        if (!fileSystem.exists(folder)) {
            return false;
        }
        for (FileStatus file : fileSystem.listStatus(folder)) {
            if (file.getPath().getName().endsWith(".parquet")
                    && !file.getPath().getName().startsWith(".")) {
                return true;
            }
        }
        return false;
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
