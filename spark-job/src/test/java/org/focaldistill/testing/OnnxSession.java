package org.focaldistill.testing;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.net.ImageInput;

/** An ONNX file opened by ONNX Runtime, on one thread. */
public final class OnnxSession implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final ImageInput input;

    /** Of images like CIFAR's. */
    public OnnxSession(byte[] file) throws OrtException {
        this(file, ImageInput.CIFAR);
    }

    /** @param input what the network sees of images */
    public OnnxSession(byte[] file, ImageInput input) throws OrtException {
        this.input = input;
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        session = environment.createSession(file, options);
    }

    public Set<String> outputs() {
        return session.getOutputNames();
    }

    public Map<String, String> metadata() throws OrtException {
        return session.getMetadata().getCustomMetadata();
    }

    /**
     * One of the file's outputs.
     *
     * @param pixels {@code [images, 3, side, side]}, fed as they are or normalised, as the file wants them
     * @return {@code [images, classes]}, row-major
     */
    public double[] run(byte[] pixels, String output) throws OrtException {
        String name = session.getInputNames().iterator().next();
        try (OnnxTensor images = name.equals("pixels") ? raw(pixels) : normalised(pixels);
                OrtSession.Result result = session.run(Map.of(name, images), Set.of(output))) {
            FloatBuffer floats = ((OnnxTensor) result.get(0)).getFloatBuffer();
            double[] values = new double[floats.remaining()];
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.get(i);
            }
            return values;
        }
    }

    private OnnxTensor raw(byte[] pixels) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(pixels.length);
        bytes.put(0, pixels);
        return OnnxTensor.createTensor(environment, bytes, shape(pixels), OnnxJavaType.UINT8);
    }

    private OnnxTensor normalised(byte[] pixels) throws OrtException {
        List<Double> mean = input.normalisation().mean();
        List<Double> deviation = input.normalisation().deviation();
        FloatBuffer floats = FloatBuffer.allocate(pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            int channel = i / (input.side() * input.side()) % 3;
            floats.put(i, (float) (((pixels[i] & 0xff) / 255.0 - mean.get(channel)) / deviation.get(channel)));
        }
        return OnnxTensor.createTensor(environment, floats, shape(pixels));
    }

    private long[] shape(byte[] pixels) {
        int side = input.side();
        return new long[] {pixels.length / (3 * side * side), 3, side, side};
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
