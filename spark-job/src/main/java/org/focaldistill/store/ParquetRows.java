package org.focaldistill.store;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** Rows as Parquet, to a stream and from memory. Uncompressed, so that no reader needs a native codec. */
final class ParquetRows {
    private ParquetRows() {}

    /** A writer of one file; leaves the stream open. */
    static ExampleParquetWriter.Builder writer(OutputStream out, MessageType schema, Configuration configuration) {
        return ExampleParquetWriter.builder(new ParquetOutput(out))
                .withConf(configuration)
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
    }

    /** What becomes of a row. */
    interface Reader {
        void row(Group row) throws IOException;
    }

    /**
     * Reads a whole file's content. Parquet's own reader of rows loads Hadoop's configuration for every file, which takes
     * longer than a file of results.
     *
     * @throws RuntimeException if it is no Parquet
     */
    static void read(byte[] content, Reader reader) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder().build();
        try (ParquetFileReader file = ParquetFileReader.open(new ParquetBytes(content), options)) {
            MessageType schema = file.getFileMetaData().getSchema();
            MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
            for (PageReadStore pages = file.readNextRowGroup(); pages != null; pages = file.readNextRowGroup()) {
                RecordReader<Group> rows = columns.getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    reader.row(rows.read());
                }
            }
        }
    }
}
