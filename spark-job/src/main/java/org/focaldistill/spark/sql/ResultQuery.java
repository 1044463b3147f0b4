package org.focaldistill.spark.sql;

import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.types.DataType;
import org.focaldistill.spark.cluster.SparkStart;
import org.focaldistill.text.Words;
import scala.Tuple2;

/** Asks the results questions in Spark SQL, over {@link ResultViews}. */
public final class ResultQuery implements AutoCloseable {
    private final SparkSession session;
    private final String results;

    /**
     * Opens a results folder.
     *
     * @throws IOException if Spark can not start
     */
    public ResultQuery(String results) throws IOException {
        this.results = results;
        session = SparkStart.start("FocalDistill SQL", conf -> session(conf, results));
    }

    private static SparkSession session(SparkConf conf, String results) {
        SparkSession session = SparkSession.builder()
                .config(conf)
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.sql.session.timeZone", "UTC")
                // Else times come in this machine's zone and do not say so.
                .config("spark.sql.datetime.java8API.enabled", "true")
                // A folder that Spark would make; this one is there.
                .config("spark.sql.warehouse.dir", results)
                .config("spark.sql.debug.maxToStringFields", "1000")
                // Results are small: tasks cost more than rows.
                .config("spark.sql.shuffle.partitions", "1")
                // Whose tables for grouping begin with a page.
                .config("spark.buffer.pageSize", "1m")
                // And programs made and compiled for a query cost more than they save.
                .config("spark.sql.adaptive.enabled", "false")
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .getOrCreate();
        // Some settings are refused only where they are first used.
        Object unused = session.sessionState();
        return session;
    }

    /** An answer: column names, then rows of text; times are in UTC, with a Z. */
    public record Answer(List<String> columns, List<List<String>> rows) {}

    /**
     * Runs a query, on what is there now.
     *
     * @throws IOException if the folder can not be read, or if it is no query of these tables; the message is Spark's
     */
    public Answer ask(String sql) throws IOException {
        ResultViews views = ResultViews.of(session, results);
        try {
            views.makeFor(sql);
            Dataset<Row> answer = session.sql(sql);
            HiveResult.TimeFormatters times = HiveResult.getTimeFormatters();
            List<List<String>> rows = answer.collectAsList().stream()
                    .map(row -> IntStream.range(0, row.length())
                            .mapToObj(i -> text(row, i, times))
                            .toList())
                    .toList();
            return new Answer(List.of(answer.columns()), rows);
        } catch (Exception e) {
            // Scala does not declare what it throws, so Spark's own exceptions can only be told apart here.
            if (e.getClass().getName().startsWith("org.apache.spark.")) {
                throw new IOException("Cannot answer the query: " + withoutPlans(Words.reason(e))
                        + (views.names().contains("trials")
                                ? ""
                                : " No trial has a result yet: there are only " + views.names()));
            }
            throw e;
        }
    }

    /** As Spark's own command line writes values, but nothing for NULL, hexadecimal digits for bytes and times with a Z. */
    private static String text(Row row, int i, HiveResult.TimeFormatters times) {
        if (row.isNullAt(i)) {
            return "";
        }
        if (row.get(i) instanceof byte[] bytes) {
            return HexFormat.of().withUpperCase().formatHex(bytes);
        }
        if (row.get(i) instanceof Instant time) {
            return time.toString();
        }
        Tuple2<Object, DataType> value =
                new Tuple2<>(row.get(i), row.schema().fields()[i].dataType());
        return HiveResult.toHiveString(value, false, times);
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
