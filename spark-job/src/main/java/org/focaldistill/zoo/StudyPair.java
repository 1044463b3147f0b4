package org.focaldistill.zoo;

import java.util.List;

/**
 * A teacher and a student of the study.
 *
 * @param publishedKd top-1 accuracy in percent of plain distillation (alpha .9, beta .1, T 4), as RepDistiller's README
 *     reports it
 */
public record StudyPair(Architecture teacher, Architecture student, double publishedKd) {

    /** In the study's order. */
    public static final List<StudyPair> ALL = List.of(
            new StudyPair(Architecture.RESNET56, Architecture.RESNET20, 70.66),
            new StudyPair(Architecture.RESNET110, Architecture.RESNET20, 70.67),
            new StudyPair(Architecture.RESNET32X4, Architecture.SHUFFLE_V1, 74.07),
            new StudyPair(Architecture.WRN_40_2, Architecture.SHUFFLE_V1, 74.83));
}
