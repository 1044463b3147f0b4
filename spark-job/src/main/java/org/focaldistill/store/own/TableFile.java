package org.focaldistill.store.own;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** One Parquet file of images and labels, read a column at a time. */
final class TableFile {
    /** What Hugging Face's datasets call the field of an image that holds its file. */
    private static final String BYTES = "bytes";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Configuration configuration;
    private final Path path;
    private final String name;
    private final String imageColumn;
    private final String labelColumn;
    private List<String> classNames = List.of();

    /** @param name what people find it by */
    TableFile(Configuration configuration, Path path, String name, String imageColumn, String labelColumn) {
        this.configuration = configuration;
        this.path = path;
        this.name = name;
        this.imageColumn = imageColumn;
        this.labelColumn = labelColumn;
    }

    /** A label as it stands there: a text, or a number. */
    record Label(@Nullable String text, long number) {}

    /** What becomes of an image; null where there is none. */
    interface Images {
        void image(int row, byte @Nullable [] content);
    }

    private interface Row {
        void row(Group group, int row) throws IOException;
    }

    String name() {
        return name;
    }

    /** What people find a row by. */
    String row(int row) {
        return name + ", row " + (row + 1);
    }

    /** Names of classes by label that the file has beside its rows, known once its labels are read; mostly none. */
    List<String> classNames() {
        return classNames;
    }

    /** Labels of all rows; whether there is a column of images is seen to as well. */
    List<Label> labels() throws IOException {
        List<Label> labels = new ArrayList<>();
        int unused = read(
                schema -> {
                    requireImages(column(schema, imageColumn, "data.imageColumn"));
                    Type label = column(schema, labelColumn, "data.labelColumn");
                    requireLabels(label);
                    return new MessageType(schema.getName(), label);
                },
                (group, row) -> labels.add(label(group, row)));
        return labels;
    }

    /** All images; returns how many rows there are. */
    int images(Images images) throws IOException {
        return read(
                schema -> new MessageType(schema.getName(), file(column(schema, imageColumn, "data.imageColumn"))),
                (group, row) -> images.image(row, content(group)));
    }

    private Label label(Group group, int row) throws InvalidDataException {
        if (group.getFieldRepetitionCount(0) == 0) {
            throw new InvalidDataException("There is no label in " + row(row) + ", column " + labelColumn);
        }
        return switch (group.getType().getType(0).asPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> new Label(null, group.getInteger(0, 0));
            case INT64 -> new Label(null, group.getLong(0, 0));
            default -> new Label(group.getString(0, 0), 0);
        };
    }

    private static byte @Nullable [] content(Group group) {
        if (group.getFieldRepetitionCount(0) == 0) {
            return null;
        }
        if (group.getType().getType(0).isPrimitive()) {
            return group.getBinary(0, 0).getBytes();
        }
        Group image = group.getGroup(0, 0);
        return image.getFieldRepetitionCount(0) == 0
                ? null
                : image.getBinary(0, 0).getBytes();
    }

    /** The column with nothing but the file's bytes in it. */
    private static Type file(Type image) {
        return image.isPrimitive()
                ? image
                : image.asGroupType().withNewFields(image.asGroupType().getType(BYTES));
    }

    private void requireImages(Type type) throws InvalidDataException {
        boolean bytes = type.isPrimitive()
                ? isBinary(type)
                : type.asGroupType().containsField(BYTES) && isBinary(((GroupType) type).getType(BYTES));
        if (!bytes || type.isRepetition(Type.Repetition.REPEATED)) {
            throw new InvalidDataException("The column " + imageColumn + " of " + name
                    + " holds no files of images, neither as bytes nor in a field " + BYTES + ": it is " + type);
        }
    }

    private static boolean isBinary(Type type) {
        return type.isPrimitive()
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && !type.isRepetition(Type.Repetition.REPEATED);
    }

    private void requireLabels(Type type) throws InvalidDataException {
        boolean taken = type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && switch (type.asPrimitiveType().getPrimitiveTypeName()) {
                    case INT32, INT64, BINARY -> true;
                    default -> false;
                };
        if (!taken) {
            throw new InvalidDataException("The column " + labelColumn + " of " + name
                    + " holds neither whole numbers nor texts: it is " + type);
        }
    }

    private Type column(MessageType schema, String column, String setting) throws InvalidDataException {
        if (!schema.containsField(column)) {
            String there = schema.getFields().stream().map(Type::getName).collect(Collectors.joining(", "));
            throw new InvalidDataException(name + " has no column " + column + " (" + setting + "); it has " + there);
        }
        return schema.getType(column);
    }

    private interface Choice {
        MessageType of(MessageType schema) throws IOException;
    }

    private int read(Choice columns, Row to) throws IOException {
        int row = 0;
        try (ParquetFileReader file = ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
            MessageType schema = columns.of(file.getFileMetaData().getSchema());
            classNames = named(file.getFileMetaData().getKeyValueMetaData().get("huggingface"));
            file.setRequestedSchema(schema);
            MessageColumnIO io = new ColumnIOFactory().getColumnIO(schema);
            for (PageReadStore pages = file.readNextRowGroup(); pages != null; pages = file.readNextRowGroup()) {
                RecordReader<Group> rows = io.getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    to.row(rows.read(), row++);
                }
            }
            return row;
        } catch (RuntimeException e) { // what Parquet says of a damaged file, in many classes
            throw new InvalidDataException(path + " can not be read as Parquet: " + Words.firstLine(e), e);
        }
    }

    private List<String> named(@Nullable String datasets) {
        List<String> names = new ArrayList<>();
        if (datasets != null) {
            try {
                JsonNode label = JSON.readTree(datasets)
                        .path("info")
                        .path("features")
                        .path(labelColumn)
                        .path("names");
                label.forEach(each -> names.add(each.asText()));
            } catch (JsonProcessingException e) {
                return List.of(); // of another program that uses the key
            }
        }
        return names;
    }
}
