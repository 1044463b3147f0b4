package org.focaldistill.nn.onednn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * A primitive with its argument list. Everything native it needs is a field, since JavaCPP frees a native object with
 * its Java wrapper. Runs on the calling thread, in a scratchpad of that thread.
 */
final class OneDnnPrimitive implements AutoCloseable {
    private final String name;
    private final engine cpu;
    private final primitive primitive;
    private final dnnl_primitive handle;
    private final Map<Integer, OneDnnArgument> arguments = new LinkedHashMap<>();
    private final @Nullable OneDnnArgument scratchpad;
    private final long scratchpadBytes;
    private @Nullable dnnl_exec_arg_t bound;

    /** @param description of the primitive; only inspected, not kept */
    OneDnnPrimitive(String name, engine cpu, primitive_desc_base description, primitive primitive) {
        this.name = name;
        this.cpu = cpu;
        this.primitive = primitive;
        this.handle = primitive.get();
        try (memory.desc scratch = description.scratchpad_desc()) {
            scratchpadBytes = scratch.get_size();
            scratchpad = scratchpadBytes > 0 ? OneDnnArgument.pointing(cpu, scratch) : null;
        }
        if (scratchpad != null) {
            arguments.put(dnnl.DNNL_ARG_SCRATCHPAD, scratchpad);
        }
    }

    /**
     * Returns the description unless it stands for oneDNN's reference implementation, which is hundreds of times slower
     * than anything else.
     *
     * @throws SlowImplementationException if it does
     */
    static <D extends primitive_desc_base> D requireFast(String name, D description) {
        if (!isFast(description)) {
            throw new SlowImplementationException(name, implementation(description));
        }
        return description;
    }

    static boolean isFast(primitive_desc_base description) {
        return !implementation(description).contains("ref");
    }

    private static String implementation(primitive_desc_base description) {
        try (BytePointer text = description.impl_info_str()) {
            return text.getString();
        }
    }

    /** Attributes every primitive here is made with: the caller brings the scratchpad. */
    static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        return attributes;
    }

    /** Adds an argument; before the first {@link #execute}. */
    OneDnnPrimitive with(int id, OneDnnArgument argument) {
        arguments.put(id, argument);
        return this;
    }

    void execute() {
        dnnl_exec_arg_t list = bound;
        if (list == null) {
            list = bind();
            bound = list;
        }
        OneDnnLane lane = OneDnnLane.ofThisThread(cpu);
        if (scratchpad != null) {
            scratchpad.at(lane.address(OneDnnScratch.SCRATCHPAD, scratchpadBytes));
        }
        int status = dnnl.dnnl_primitive_execute(handle, lane.stream(), arguments.size(), list);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN " + name + " failed with status " + status);
        }
    }

    private dnnl_exec_arg_t bind() {
        dnnl_exec_arg_t list = new dnnl_exec_arg_t(arguments.size());
        int position = 0;
        for (Map.Entry<Integer, OneDnnArgument> argument : arguments.entrySet()) {
            list.position(position++);
            list.arg(argument.getKey()).memory(argument.getValue().handle());
        }
        list.position(0);
        return list;
    }

    @Override
    public void close() {
        if (scratchpad != null) {
            scratchpad.close();
        }
        if (bound != null) {
            bound.close();
        }
        primitive.close();
    }
}
