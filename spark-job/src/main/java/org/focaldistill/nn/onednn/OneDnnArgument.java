package org.focaldistill.nn.onednn;

import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;

/** One argument of a primitive: a description of memory and where that memory is now. */
final class OneDnnArgument implements AutoCloseable {
    private final memory memory;
    private final dnnl_memory handle;
    private final Address address = new Address();

    private OneDnnArgument(memory memory) {
        this.memory = memory;
        this.handle = memory.get();
    }

    /** An argument that is pointed at an array before each call. */
    static OneDnnArgument pointing(engine cpu, memory.desc description) {
        return new OneDnnArgument(new memory(description, cpu, new Pointer()));
    }

    /** An argument with memory of its own. */
    static OneDnnArgument owning(engine cpu, memory.desc description) {
        return new OneDnnArgument(new memory(description, cpu));
    }

    dnnl_memory handle() {
        return handle;
    }

    long dataAddress() {
        return memory.get_data_handle().address();
    }

    /** Points at an address, where the array must stay until the call is over. */
    void at(long target) {
        address.set(target);
        dnnl.dnnl_memory_set_data_handle(handle, address);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** A pointer to wherever it is told. */
    static final class Address extends Pointer {
        Address() {}

        Address(long value) {
            address = value;
        }

        void set(long value) {
            address = value;
        }
    }
}
