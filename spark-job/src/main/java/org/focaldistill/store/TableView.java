package org.focaldistill.store;

import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * A table of results for readers of Parquet.
 *
 * @param folder the table's, its name meant literally
 * @param ddl its columns, as Spark SQL declares them; files of earlier versions lack some
 * @param empty whether it has no rows
 * @param names what the names of its files match, a regular expression
 * @param others names that match and are of files without rows
 */
public record TableView(Path folder, String ddl, boolean empty, String names, Set<String> others) {
    public TableView {
        others = Set.copyOf(others);
    }
}
