package org.focaldistill.store;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
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

    /** A reader of a whole file's content. */
    static ParquetReader<Group> reader(byte[] content, Configuration configuration) throws IOException {
        return new GroupReader(new ParquetBytes(content))
                .withConf(configuration)
                .build();
    }

    private static final class GroupReader extends ParquetReader.Builder<Group> {
        GroupReader(InputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}
