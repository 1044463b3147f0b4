package org.focaldistill.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AlignmentTest {
    private static final long[] SHAPE = {2, 3, 5};
    private static final long[] STRIDES = {15, 5, 1};

    /** Of all places in a cache line that a float can have. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void an_array_begins_with_a_cache_line_and_stays_within_its_vector(int place) {
        long length = Alignment.lengthFor(30);
        INDArray memory = Nd4j.arange(length + 15).castTo(DataType.FLOAT);
        INDArray vector = memory.get(interval(place, place + length));

        INDArray array = Alignment.within(vector, SHAPE, STRIDES);

        assertThat(Alignment.addressOf(array)).matches(address -> address % 64 == 0, "a multiple of 64");
        assertThat(Alignment.addressOf(array)).isGreaterThanOrEqualTo(Alignment.addressOf(vector));
        float first = array.getFloat(0, 0, 0);
        assertThat(array.getFloat(1, 2, 4)).isEqualTo(first + 29).isLessThan(place + length);
    }

    @Test
    void the_buffer_of_an_array_holds_nothing_else() {
        INDArray vector = Nd4j.create(DataType.FLOAT, Alignment.lengthFor(30));

        INDArray array = Alignment.within(vector, SHAPE, STRIDES).assign(1);

        assertThat(array.data().asFloat()).hasSize(30).containsOnly(1);
    }

    @Test
    void what_an_array_holds_can_be_computed_with_and_copied() {
        INDArray vector = Nd4j.create(DataType.FLOAT, Alignment.lengthFor(30));
        INDArray array = Alignment.within(vector, SHAPE, STRIDES).assign(2);

        array.addi(Nd4j.ones(DataType.FLOAT, SHAPE));

        assertThat(array.dup('c').data().asFloat()).hasSize(30).containsOnly(3);
        assertThat(array.sumNumber().floatValue()).isEqualTo(90);
    }
}
