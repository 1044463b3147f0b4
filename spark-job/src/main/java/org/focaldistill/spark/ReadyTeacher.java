package org.focaldistill.spark;

import org.focaldistill.sweep.TrialOutcome;

/**
 * A trained teacher and how it does on the test images.
 *
 * @param location where executors find it
 * @param metrics on the test images of the sweep
 */
public record ReadyTeacher(TeacherLocation location, TrialOutcome.TeacherMetrics metrics) {}
