package org.focaldistill.spark.sql;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private static final String AS = " AS";
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final Pattern QUERY = Pattern.compile("^[\\s(]*(SELECT|WITH)\\b", Pattern.CASE_INSENSITIVE);
    /** Where one of these has rows, all views are made. */
    private static final Set<String> COURSES = Set.of("trials", "open_epochs");

    private final SparkSession session;
    private final Map<String, TableView> tables;
    /** The queries of those that are made of tables and of those before them, by their names, in the file's order. */
    private final Map<String, String> queries;

    private final Set<String> made = new HashSet<>();

    private ResultViews(SparkSession session, Map<String, TableView> tables, Map<String, String> queries) {
        this.session = session;
        this.tables = tables;
        this.queries = queries;
    }

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
        ResultViews views = of(session, results);
        Set<String> names = views.names();
        names.forEach(views::make);
        return names;
    }

    /** Those of a results folder as it is now. None is made yet, and those of before are gone from the session. */
    static ResultViews of(SparkSession session, String results) throws IOException {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        Map<String, TableView> tables = new ResultStore(hadoop, new Path(results)).views();
        Map<String, String> queries = queries();
        Stream.concat(tables.keySet().stream(), queries.keySet().stream())
                .forEach(name -> session.catalog().dropTempView(name));
        queries.keySet().removeAll(tables.keySet());
        boolean all = COURSES.stream().anyMatch(name -> hasRows(tables, name)) && hasRows(tables, "plan");
        if (!all) {
            queries.clear();
            tables.values().removeIf(TableView::empty);
        }
        if (tables.isEmpty()) {
            throw new FileNotFoundException("There are no results in " + results
                    + " yet; focaldistill sweep makes some. Is paths.results right?");
        }
        return new ResultViews(session, tables, queries);
    }

    /** The names of all. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(tables.keySet());
        names.addAll(queries.keySet());
        return names;
    }

    /** Makes those that a query names; any other statement may be about views of which it says nothing. */
    void makeFor(String statement) {
        Set<String> names = names();
        if (QUERY.matcher(statement).find()) {
            names.retainAll(words(statement));
        }
        names.forEach(this::make);
    }

    /** Makes one, and those that it is made of. */
    private void make(String name) {
        if (made.contains(name)) {
            return;
        }
        TableView table = tables.get(name);
        Dataset<Row> rows =
                table == null ? ofOthers(name, Objects.requireNonNull(queries.get(name))) : rows(session, name, table);
        // Of a CREATE VIEW Spark keeps the text, and takes it apart again for each view that is made of this one.
        rows.createOrReplaceTempView(name);
        made.add(name);
    }

    /** @param query names tables and views that stand before its own; others' names may be those of its columns */
    private Dataset<Row> ofOthers(String name, String query) {
        Set<String> words = words(query);
        Stream<String> before = queries.keySet().stream().takeWhile(each -> !each.equals(name));
        Stream.concat(tables.keySet().stream(), before).filter(words::contains).forEach(this::make);
        return session.sql(query);
    }

    private static Set<String> words(String sql) {
        return WORD.matcher(sql)
                .results()
                .map(word -> word.group().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
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

    private static Map<String, String> queries() throws IOException {
        try (InputStream file = Objects.requireNonNull(ResultViews.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .collect(Collectors.joining("\n"));
            Map<String, String> queries = new LinkedHashMap<>();
            for (String statement : text.split(";(\n|$)", -1)) {
                if (!statement.isBlank()) {
                    put(queries, statement.strip());
                }
            }
            return queries;
        }
    }

    private static void put(Map<String, String> queries, String statement) {
        if (!statement.startsWith(NAMED)) {
            throw new IllegalStateException(RESOURCE + " has a statement that makes no view: " + statement);
        }
        int as = statement.indexOf(AS);
        queries.put(statement.substring(NAMED.length(), as).strip(), statement.substring(as + AS.length()));
    }
}
