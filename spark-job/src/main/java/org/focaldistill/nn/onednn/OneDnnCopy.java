package org.focaldistill.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;

/** Copies between two layouts of the same numbers. */
final class OneDnnCopy implements AutoCloseable {
    private final OneDnnArgument from;
    private final OneDnnArgument to;
    private final OneDnnPrimitive primitive;

    /**
     * @param extents of the block to copy
     * @param fromStrides how far apart, in floats, neighbours lie in the source, dimension by dimension
     * @param toStrides and in the target
     */
    OneDnnCopy(String name, engine cpu, long[] extents, long[] fromStrides, long[] toStrides) {
        this(
                name,
                cpu,
                new memory.desc(extents, memory.data_type.f32, fromStrides),
                new memory.desc(extents, memory.data_type.f32, toStrides));
    }

    /** Copies between two descriptions of the same extents. */
    OneDnnCopy(String name, engine cpu, memory.desc source, memory.desc target) {
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                reorder.primitive_desc description =
                        new reorder.primitive_desc(cpu, source, cpu, target, attributes, false)) {
            OneDnnPrimitive.requireFast(name, description);
            from = OneDnnArgument.pointing(cpu, source);
            to = OneDnnArgument.pointing(cpu, target);
            primitive = new OneDnnPrimitive(name, cpu, description, new reorder(description))
                    .with(DNNL_ARG_FROM, from)
                    .with(DNNL_ARG_TO, to);
        }
    }

    /** Copies from one address to another; see {@link org.focaldistill.nn.FloatAddress}. */
    void run(long fromAddress, long toAddress) {
        from.at(fromAddress);
        to.at(toAddress);
        primitive.execute();
    }

    @Override
    public void close() {
        primitive.close();
        from.close();
        to.close();
    }
}
