package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.nd4j.shade.protobuf.ByteString;

/** An ONNX file being put together. */
final class OnnxGraph {
    /** Of ONNX 1.12, 2022: old enough for the runtimes in use, new enough for all operators used here. */
    static final int OPERATOR_SET = 17;

    /** The file format that came with that operator set. */
    private static final int FORMAT = 8;

    private static final String BATCH = "batch";

    private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder();

    /** Adds an input {@code [batch, extents...]} of floats. */
    void floatInput(String name, long... extents) {
        graph.addInput(value(name, DataType.FLOAT, extents));
    }

    /** Adds an input {@code [batch, extents...]} of unsigned bytes. */
    void byteInput(String name, long... extents) {
        graph.addInput(value(name, DataType.UINT8, extents));
    }

    /** Adds an output {@code [batch, extents...]} of floats. */
    void output(String name, long... extents) {
        graph.addOutput(value(name, DataType.FLOAT, extents));
    }

    private static Onnx.ValueInfoProto value(String name, DataType type, long... extents) {
        Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam(BATCH);
        for (long extent : extents) {
            shape.addDimBuilder().setDimValue(extent);
        }
        Onnx.ValueInfoProto.Builder value = Onnx.ValueInfoProto.newBuilder().setName(name);
        value.getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(type.getNumber())
                .setShape(shape);
        return value.build();
    }

    /** Adds a constant of floats and returns its name. */
    String constant(String name, Tensor tensor) {
        ByteBuffer bytes =
                ByteBuffer.allocate(tensor.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        constant(name, DataType.FLOAT, bytes, tensor.shape());
        return name;
    }

    /** Adds a constant list of whole numbers. */
    void constant(String name, long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(numbers);
        constant(name, DataType.INT64, bytes, numbers.length);
    }

    private void constant(String name, DataType type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder constant = graph.addInitializerBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        for (long extent : shape) {
            constant.addDims(extent);
        }
    }

    /** Adds a node with one result, which is also its name. */
    Attributes add(String operator, List<String> inputs, String result) {
        return new Attributes(graph.addNodeBuilder()
                .setOpType(operator)
                .setName(result)
                .addAllInput(inputs)
                .addOutput(result));
    }

    /** Adds a node that turns numbers into floats. */
    void castToFloat(String input, String result) {
        add("Cast", List.of(input), result).with("to", DataType.FLOAT.getNumber());
    }

    /** The file's bytes. */
    byte[] toBytes(Map<String, String> about) {
        Onnx.ModelProto.Builder model = Onnx.ModelProto.newBuilder()
                .setIrVersion(FORMAT)
                .setProducerName("FocalDistill")
                .setGraph(graph.setName(about.getOrDefault("model", "network")));
        model.addOpsetImportBuilder().setDomain("").setVersion(OPERATOR_SET);
        new TreeMap<>(about)
                .forEach((key, text) ->
                        model.addMetadataPropsBuilder().setKey(key).setValue(text));
        return model.build().toByteArray();
    }

    /** Sets a node's attributes. */
    static final class Attributes {
        private final Onnx.NodeProto.Builder node;

        private Attributes(Onnx.NodeProto.Builder node) {
            this.node = node;
        }

        Attributes with(String name, int number) {
            attribute(name, AttributeType.INT).setI(number);
            return this;
        }

        Attributes with(String name, float number) {
            attribute(name, AttributeType.FLOAT).setF(number);
            return this;
        }

        Attributes with(String name, int... numbers) {
            AttributeProto.Builder list = attribute(name, AttributeType.INTS);
            for (int number : numbers) {
                list.addInts(number);
            }
            return this;
        }

        private AttributeProto.Builder attribute(String name, AttributeType type) {
            return node.addAttributeBuilder().setName(name).setType(type);
        }
    }
}
