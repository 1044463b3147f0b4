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

    /** The value of a nullable column that files of earlier versions do not have; null in those. */
    <V> @Nullable V getIfThere(Column<?, V> column) {
        return group.getType().containsField(column.name()) ? getOrNull(column) : null;
    }

    /** The value of a column, or null. */
    <V> @Nullable V getOrNull(Column<?, V> column) {
        if (!group.getType().containsField(column.name())) {
            throw new IllegalStateException("column " + column.name() + " is missing");
        }
        return group.getFieldRepetitionCount(column.name()) == 0
                ? null
                : column.type().read(group, column.name());
    }
}
