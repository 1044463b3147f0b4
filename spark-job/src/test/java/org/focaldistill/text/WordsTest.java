package org.focaldistill.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.TeacherMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {

    @Test
    void areInLowerCaseWithHyphens() {
        assertThat(Words.of(Role.GRID)).isEqualTo("grid");
        assertThat(Words.of(KlDirection.TEACHER_STUDENT)).isEqualTo("teacher-student");
        assertThat(Words.of(FocalForm.FLSD53)).isEqualTo("flsd53");
        assertThat(Words.of(TeacherMode.ONLINE)).isEqualTo("online");
    }

    @Test
    void oneThingIsNotMany() {
        assertThat(Words.count(0, "trial")).isEqualTo("0 trials");
        assertThat(Words.count(1, "trial")).isEqualTo("1 trial");
        assertThat(Words.count(2, "more setting")).isEqualTo("2 more settings");
    }

    @Test
    void aReasonIsNeverNull() {
        assertThat(Words.reason(new IOException("the disk is full"))).isEqualTo("the disk is full");
        assertThat(Words.reason(new EOFException())).isEqualTo("it ends too early");
        assertThat(Words.reason(new IOException(" "))).isEqualTo("there is no more to say than IOException");
    }

    @ParameterizedTest
    @EnumSource
    void leadBackToTheConstant(FocalForm form) {
        assertThat(Words.constant(FocalForm.class, Words.of(form))).isEqualTo(form);
    }

    @Test
    void nameTheOthersWhenOneIsUnknown() {
        assertThatThrownBy(() -> Words.constant(Role.class, "GRID"))
                .hasMessage("'GRID' is none of [grid, baseline, line, reference, point, variant]");
    }
}
