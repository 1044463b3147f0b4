package org.focaldistill.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** How values of a Java type are kept in a Parquet column. */
final class ColumnType<V> {
    static final ColumnType<String> TEXT = new ColumnType<>(
            "STRING",
            PrimitiveTypeName.BINARY,
            LogicalTypeAnnotation.stringType(),
            Group::add,
            (row, column) -> row.getString(column, 0));
    static final ColumnType<Boolean> BOOLEAN = new ColumnType<>(
            "BOOLEAN", PrimitiveTypeName.BOOLEAN, null, Group::add, (row, column) -> row.getBoolean(column, 0));
    static final ColumnType<Integer> INT = new ColumnType<>(
            "INT", PrimitiveTypeName.INT32, null, Group::add, (row, column) -> row.getInteger(column, 0));
    static final ColumnType<Long> LONG = new ColumnType<>(
            "BIGINT", PrimitiveTypeName.INT64, null, Group::add, (row, column) -> row.getLong(column, 0));
    static final ColumnType<Double> DOUBLE = new ColumnType<>(
            "DOUBLE", PrimitiveTypeName.DOUBLE, null, Group::add, (row, column) -> row.getDouble(column, 0));

    /** A point of time in microseconds; finer parts are cut off. Spark SQL reads it as {@code timestamp}. */
    static final ColumnType<Instant> TIMESTAMP = new ColumnType<>(
            "TIMESTAMP",
            PrimitiveTypeName.INT64,
            LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS),
            (row, column, instant) -> row.add(column, ChronoUnit.MICROS.between(Instant.EPOCH, instant)),
            (row, column) -> Instant.EPOCH.plus(row.getLong(column, 0), ChronoUnit.MICROS));

    private final String sql;
    private final PrimitiveTypeName primitive;
    private final @Nullable LogicalTypeAnnotation annotation;
    private final Add<V> add;
    private final BiFunction<Group, String, V> read;

    private ColumnType(
            String sql,
            PrimitiveTypeName primitive,
            @Nullable LogicalTypeAnnotation annotation,
            Add<V> add,
            BiFunction<Group, String, V> read) {
        this.sql = sql;
        this.primitive = primitive;
        this.annotation = annotation;
        this.add = add;
        this.read = read;
    }

    private interface Add<V> {
        void add(Group row, String column, V value);
    }

    /** An enum's constants by their names. */
    static <E extends Enum<E>> ColumnType<E> constantOf(Class<E> type) {
        return TEXT.as(Enum::name, name -> Enum.valueOf(type, name));
    }

    /** An enum's constants by their {@link Words}. */
    static <E extends Enum<E>> ColumnType<E> wordOf(Class<E> type) {
        return TEXT.as(Words::of, word -> Words.constant(type, word));
    }

    private <W> ColumnType<W> as(Function<W, V> encode, Function<V, W> decode) {
        return new ColumnType<>(
                sql,
                primitive,
                annotation,
                (row, column, value) -> add.add(row, column, encode.apply(value)),
                (row, column) -> decode.apply(read.apply(row, column)));
    }

    /** The type's name in Spark SQL. */
    String sql() {
        return sql;
    }

    PrimitiveType field(String name, boolean nullable) {
        return Types.primitive(primitive, nullable ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED)
                .as(annotation)
                .named(name);
    }

    void write(Group row, String column, V value) {
        add.add(row, column, value);
    }

    V read(Group row, String column) {
        return read.apply(row, column);
    }
}
