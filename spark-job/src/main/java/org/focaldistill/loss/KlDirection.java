package org.focaldistill.loss;

/** Which distribution the KL divergence of the distillation term is taken from. */
public enum KlDirection {
    /** {@code KL(softmax(Zt/T) || softmax(Zs/T))}: Hinton et al. 2015 and PyTorch's {@code kl_div(log p_s, p_t)}. */
    TEACHER_STUDENT,
    /** {@code KL(softmax(Zs/T) || softmax(Zt/T))}: the study's argument order taken literally. */
    STUDENT_TEACHER
}
