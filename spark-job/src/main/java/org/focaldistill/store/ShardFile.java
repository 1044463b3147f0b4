package org.focaldistill.store;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.text.Words;

/**
 * The rows of one shard: {@code index} (position in the split), {@code image} (its pixels), {@code fine_label},
 * {@code coarse_label}. Pixels of photographs hardly shrink, so that nothing is lost by leaving them uncompressed.
 */
final class ShardFile {
    private static final MessageType SCHEMA = Types.buildMessage()
            .required(PrimitiveTypeName.INT32)
            .named("index")
            .required(PrimitiveTypeName.BINARY)
            .named("image")
            .required(PrimitiveTypeName.INT32)
            .named("fine_label")
            .required(PrimitiveTypeName.INT32)
            .named("coarse_label")
            .named("image_shard");

    private final Configuration configuration;

    ShardFile(Configuration configuration) {
        this.configuration = configuration;
    }

    /** What becomes of a row. */
    interface Row {
        /** Called for each row, in order; {@code pixels} are all bytes of an image. */
        void image(int index, byte[] pixels, int fineLabel, int coarseLabel) throws IOException;
    }

    void write(OutputStream out, ImageSet images, int first, int count) throws IOException {
        try (ParquetWriter<Group> writer = ParquetRows.writer(out, SCHEMA, configuration)
                .withDictionaryEncoding("image", false)
                .build()) {
            int bytes = images.imageBytes();
            for (int i = first; i < first + count; i++) {
                Group row = new SimpleGroup(SCHEMA);
                row.add("index", i);
                row.add("image", Binary.fromConstantByteArray(images.pixels(), i * bytes, bytes));
                row.add("fine_label", images.label(i));
                row.add("coarse_label", images.coarseLabel(i));
                writer.write(row);
            }
        }
    }

    /**
     * @param file for messages
     * @throws InvalidDataException when the rows are not those of a shard
     */
    void read(byte[] content, String file, Row row) throws IOException {
        try {
            ParquetRows.read(
                    content,
                    group -> row.image(
                            group.getInteger("index", 0),
                            group.getBinary("image", 0).getBytes(),
                            group.getInteger("fine_label", 0),
                            group.getInteger("coarse_label", 0)));
        } catch (ParquetRuntimeException e) {
            throw new InvalidDataException(file + " is not a shard of images: " + Words.reason(e), e);
        }
    }
}
