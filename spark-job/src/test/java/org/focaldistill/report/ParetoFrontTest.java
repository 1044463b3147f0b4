package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
    private record Cell(double top1, double calm) {}

    @Test
    void those_remain_that_no_other_one_beats_in_both() {
        Cell sure = new Cell(10, 9);
        Cell middle = new Cell(12, 5);
        Cell exact = new Cell(14, 1);
        Cell beaten = new Cell(11, 4);
        Cell worseInOne = new Cell(14, 0);
        assertThat(ParetoFront.of(List.of(exact, beaten, sure, worseInOne, middle), Cell::top1, Cell::calm))
                .containsExactly(sure, middle, exact);
    }

    @Test
    void equal_ones_stay_together_and_nothing_comes_of_nothing() {
        List<Cell> equal = List.of(new Cell(1, 1), new Cell(1, 1));
        assertThat(ParetoFront.of(equal, Cell::top1, Cell::calm)).hasSize(2);
        assertThat(ParetoFront.of(List.<Cell>of(), Cell::top1, Cell::calm)).isEmpty();
    }
}
