package org.focaldistill.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * A table of results, kept in Parquet files. A subclass declares its columns as fields, in file order; each is named
 * once, for writing and for reading. {@code schema_version} follows as the last column of every table, the same in all
 * that one version of the program writes. Files of every earlier one stay readable; a program refuses a later one's.
 *
 * <ol>
 *   <li>the first; some columns of temperature scaling came without a new number
 *   <li>{@code planned_at} in {@code plan/}; {@code engine} and {@code numerics} in {@code trials/}, whose {@code
 *       config_json} has a version of its own since
 *   <li>{@code seed_streams} in {@code trials/}
 *   <li>{@code distillation}, {@code label_smoothing}, {@code calibration_weight}, {@code schedule} and {@code warmup_epochs} in
 *       {@code trials/}; {@code _loss_uniform_ce}, {@code _loss_distillation} and {@code _loss_calibration} with every split's losses
 * </ol>
 *
 * @param <T> what a row is in Java
 */
abstract class Table<T> {
    static final int SCHEMA_VERSION = 4;
    private static final String VERSION_COLUMN = "schema_version";

    private final String name;
    private final int version;
    private final List<Column<T, ?>> columns = new ArrayList<>();

    /** @param name the table's name, which is its directory too */
    Table(String name) {
        this(name, SCHEMA_VERSION);
    }

    /** @param version the schema_version of written rows */
    Table(String name, int version) {
        this.name = name;
        this.version = version;
    }

    /** Rebuilds a row from its columns. */
    abstract T fromRow(Row row);

    /** What a row's own file is named by: the id of its trial, for one. */
    abstract String key(T row);

    final String name() {
        return name;
    }

    /** Declares the next column, which has a value in every row. */
    final <V> Column<T, V> column(String columnName, ColumnType<V> type, Function<T, V> getter) {
        return declare(new Column<>(columnName, type, false, getter));
    }

    /** Declares the next column, which may be null. */
    final <V> Column<T, V> nullable(String columnName, ColumnType<V> type, Function<T, @Nullable V> getter) {
        return declare(new Column<>(columnName, type, true, getter));
    }

    private <V> Column<T, V> declare(Column<T, V> column) {
        columns.add(column);
        return column;
    }

    /**
     * Declares the next columns: a split's total loss and its unweighted components, all null or none, but for those that are null
     * where they were not measured.
     */
    final LossColumns loss(String split, Function<T, @Nullable SplitLoss> getter) {
        return new LossColumns(
                nullable(split + "_loss_total", ColumnType.DOUBLE, part(getter, SplitLoss::total)),
                nullable(
                        split + "_loss_kl",
                        ColumnType.DOUBLE,
                        part(getter, loss -> loss.components().kl())),
                nullable(
                        split + "_loss_ce",
                        ColumnType.DOUBLE,
                        part(getter, loss -> loss.components().ce())),
                nullable(
                        split + "_loss_focal",
                        ColumnType.DOUBLE,
                        part(getter, loss -> loss.components().focal())),
                nullable(
                        split + "_loss_uniform_ce",
                        ColumnType.DOUBLE,
                        part(getter, loss -> measured(loss.components().uniformCe()))),
                nullable(
                        split + "_loss_distillation",
                        ColumnType.DOUBLE,
                        part(getter, loss -> measured(loss.components().distillation()))),
                nullable(
                        split + "_loss_calibration",
                        ColumnType.DOUBLE,
                        part(getter, loss -> measured(loss.components().calibration()))));
    }

    /** {@code field} of what {@code whole} gets, null where that is null. */
    static <T, P, V> Function<T, @Nullable V> part(Function<T, @Nullable P> whole, Function<P, @Nullable V> field) {
        return row -> {
            P part = whole.apply(row);
            return part == null ? null : field.apply(part);
        };
    }

    private static @Nullable Double measured(double component) {
        return Double.isNaN(component) ? null : component;
    }

    record LossColumns(
            Column<?, Double> total,
            Column<?, Double> kl,
            Column<?, Double> ce,
            Column<?, Double> focal,
            Column<?, Double> uniformCe,
            Column<?, Double> distillation,
            Column<?, Double> calibration) {
        private static double orNone(@Nullable Double component) {
            return component == null ? Double.NaN : component;
        }

        @Nullable SplitLoss read(Row row) {
            Double sum = row.getOrNull(total);
            if (sum == null) {
                return null;
            }
            return new SplitLoss(
                    sum,
                    new LossComponents(
                            row.get(kl),
                            row.get(ce),
                            row.get(focal),
                            orNone(row.getIfThere(uniformCe)),
                            // Before there were forms it was the divergence.
                            row.has(distillation) ? orNone(row.getOrNull(distillation)) : row.get(kl),
                            orNone(row.getIfThere(calibration))));
        }
    }

    /** A row's values by column, in file order, without {@code schema_version}. */
    final Map<String, @Nullable Object> values(T row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        columns.forEach(column -> values.put(column.name(), column.getter().apply(row)));
        return values;
    }

    /**
     * Holds what a file has to what its name says; see {@link TableFiles}.
     *
     * @param name the file's, without suffix
     * @throws DamagedFileException if it is not that
     */
    void requireRowsOf(String name, List<T> rows) throws DamagedFileException {
        if (!TableFiles.isPack(name)) {
            requireKey(name, rows);
        }
    }

    final void requireKey(String name, List<T> rows) throws DamagedFileException {
        for (T row : rows) {
            if (!key(row).equals(name)) {
                throw new DamagedFileException("it holds rows of " + key(row));
            }
        }
    }

    /** The columns as Spark SQL's {@code CREATE TABLE} declares them. */
    final String ddl() {
        return Stream.concat(columns.stream().map(Column::ddl), Stream.of(VERSION_COLUMN + " INT"))
                .collect(Collectors.joining(", "));
    }

    private MessageType schema() {
        List<Type> fields = new ArrayList<>();
        columns.forEach(column -> fields.add(column.field()));
        fields.add(ColumnType.INT.field(VERSION_COLUMN, false));
        return new MessageType(name, fields);
    }

    /** Writes a file's content; leaves the stream open. */
    final void write(Configuration configuration, OutputStream out, List<T> rows) throws IOException {
        MessageType schema = schema();
        try (ParquetWriter<Group> writer =
                ParquetRows.writer(out, schema, configuration).build()) {
            for (T row : rows) {
                Group group = new SimpleGroup(schema);
                columns.forEach(column -> column.write(group, row));
                group.add(VERSION_COLUMN, version);
                writer.write(group);
            }
        }
    }

    /**
     * Reads a file's content.
     *
     * @param file for messages
     * @throws DamagedFileException if it holds no rows of this table
     * @throws IOException if a later version of the program wrote it, or if it holds values that this one refuses
     */
    final List<T> read(byte[] content, Path file) throws IOException {
        List<T> rows = new ArrayList<>();
        try {
            ParquetRows.read(content, group -> {
                requireKnownVersion(group);
                rows.add(row(group));
            });
            return rows;
        } catch (LaterVersionException e) {
            throw new IOException("Cannot read " + name + " file " + file + ": " + Words.reason(e), e);
        } catch (RefusedValueException e) {
            throw new IOException(
                    "Cannot read " + name + " file " + file + ": " + Words.reason(e)
                            + ". Move the file away to go on without it; a sweep run again makes it anew.",
                    e);
        } catch (IOException | RuntimeException e) {
            // Parquet and the records throw unchecked exceptions for what is wrong with a file.
            throw new DamagedFileException(e);
        }
    }

    /** A row that is whole but for a value is somebody's result: it is not to be passed over. */
    private T row(Group group) throws RefusedValueException {
        try {
            return fromRow(new Row(group));
        } catch (LaterVersionException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new RefusedValueException(e);
        }
    }

    private static final class RefusedValueException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedValueException(IllegalArgumentException cause) {
            super(Words.reason(cause), cause);
        }
    }

    private static void requireKnownVersion(Group row) {
        if (!row.getType().containsField(VERSION_COLUMN)) {
            throw new IllegalStateException("it has no column " + VERSION_COLUMN + ", so it is not a table of results");
        }
        int version = row.getInteger(VERSION_COLUMN, 0);
        if (version > SCHEMA_VERSION) {
            throw new LaterVersionException("it has schema_version", version, SCHEMA_VERSION);
        }
    }
}
