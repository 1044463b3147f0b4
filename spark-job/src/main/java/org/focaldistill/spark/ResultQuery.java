package org.focaldistill.spark;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
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
        for (String table : TABLES) {
            Path folder = new Path(results, table);
            FileSystem fileSystem = folder.getFileSystem(hadoop);
            if (fileSystem.exists(folder)) {
                session.read().parquet(folder.toString()).createOrReplaceTempView(table);
            }
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
        Dataset<Row> answer = analysed(sql);
        List<List<String>> rows = answer.collectAsList().stream()
                .map(row -> java.util.stream.IntStream.range(0, row.length())
                        .mapToObj(i -> row.isNullAt(i) ? "" : String.valueOf(row.get(i)))
                        .toList())
                .toList();
        return new Answer(List.of(answer.columns()), rows);
    }

    /** Scala does not declare what it throws, so it can only be told apart here. */
    private Dataset<Row> analysed(String sql) throws IOException {
        try {
            return session.sql(sql);
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                throw new IOException("Cannot answer the query: " + e.getMessage());
            }
            throw e;
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
