package org.focaldistill.store;

import java.util.function.Function;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table: written from a row object, and the key by which {@link Row} gives its value back.
 *
 * @param <T> what a row of the table is in Java
 * @param <V> what a value of the column is in Java
 */
record Column<T, V>(String name, ColumnType<V> type, boolean nullable, Function<T, @Nullable V> getter) {

    PrimitiveType field() {
        return type.field(name, nullable);
    }

    String ddl() {
        return "`" + name + "` " + type.sql();
    }

    void write(Group row, T source) {
        V value = getter.apply(source);
        if (value != null) {
            type.write(row, name, value);
        } else if (!nullable) {
            throw new IllegalArgumentException("Column " + name + " needs a value");
        }
    }
}
