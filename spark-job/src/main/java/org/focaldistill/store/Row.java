package org.focaldistill.store;

import org.apache.parquet.example.data.Group;
import org.jspecify.annotations.Nullable;

/** One row as read from a file. */
record Row(Group group) {

    /** The value of a column, which must be there. */
    <V> V get(Column<?, V> column) {
        V value = getOrNull(column);
        if (value == null) {
            throw new IllegalStateException("column " + column.name() + " has no value");
        }
        return value;
    }

    /** Whether the file has a column, which those of earlier versions may lack. */
    boolean has(Column<?, ?> column) {
        return group.getType().containsField(column.name());
    }

    /** The value of a nullable column that files of earlier versions do not have; null in those. */
    <V> @Nullable V getIfThere(Column<?, V> column) {
        return has(column) ? getOrNull(column) : null;
    }

    /** The value of a column, or null. */
    <V> @Nullable V getOrNull(Column<?, V> column) {
        if (!has(column)) {
            throw new IllegalStateException("column " + column.name() + " is missing");
        }
        return group.getFieldRepetitionCount(column.name()) == 0
                ? null
                : column.type().read(group, column.name());
    }
}
