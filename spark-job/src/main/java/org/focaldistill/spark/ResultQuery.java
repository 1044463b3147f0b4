package org.focaldistill.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Asks the result tables questions in Spark SQL: {@code plan}, {@code trials}, {@code epochs} and so on are views. */
public final class ResultQuery implements AutoCloseable {
    private static final List<String> TABLES = List.of("plan", "attempts", "trials", "epochs", "reliability");

    private final SparkSession session;

    /**
     * Opens the tables of a results folder; one that nothing was written to yet has no view.
     *
     * @throws IOException if the folder can not be read
     */
    public ResultQuery(String results) throws IOException {
        session = SparkSession.builder()
                .appName("FocalDistill SQL")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.debug.maxToStringFields", "1000")
                .getOrCreate();
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        boolean found = false;
        for (String table : TABLES) {
            Path folder = new Path(results, table);
            FileSystem fileSystem = folder.getFileSystem(hadoop);
            if (fileSystem.exists(folder)) {
                // Files of earlier versions lack some columns.
                session.read()
                        .option("mergeSchema", "true")
                        .parquet(folder.toString())
                        .createOrReplaceTempView(table);
                found = true;
            }
        }
        if (!found) {
            session.close();
            throw new FileNotFoundException("There are no results in " + results
                    + " yet; focaldistill sweep makes some. Is paths.results right?");
        }
    }

    /** An answer: column names, then rows of text. */
    public record Answer(List<String> columns, List<List<String>> rows) {}

    /**
     * Runs a query.
     *
     * @throws IOException if it is no query of these tables; the message is Spark's
     */
    public Answer ask(String sql) throws IOException {
        try {
            Dataset<Row> answer = session.sql(sql);
            List<List<String>> rows = answer.collectAsList().stream()
                    .map(row -> IntStream.range(0, row.length())
                            .mapToObj(i -> row.isNullAt(i) ? "" : String.valueOf(row.get(i)))
                            .toList())
                    .toList();
            return new Answer(List.of(answer.columns()), rows);
        } catch (Exception e) {
            // Scala does not declare what it throws, so Spark's own exceptions can only be told apart here.
            if (e.getClass().getName().startsWith("org.apache.spark.")) {
                throw new IOException("Cannot answer the query: " + withoutPlans(String.valueOf(e.getMessage())));
            }
            throw e;
        }
    }

    /** Spark adds its parsed plan to some messages and a task's stack to others. */
    private static String withoutPlans(String message) {
        return message.lines()
                .takeWhile(line -> !line.startsWith("'") && !line.startsWith("\tat "))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    @Override
    public void close() {
        session.close();
    }
}
