package org.focaldistill.spark;

import java.util.function.Consumer;
import java.util.function.Function;
import org.focaldistill.spark.bank.BankFiller;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.sweep.SweepEvent;

/**
 * What the legs of a sweep are run with.
 *
 * @param results the results folder
 * @param codeVersion recorded with each outcome
 * @param work of a leg, in its task
 */
record SweepParts(
        SparkCluster cluster,
        Console console,
        RunSettings settings,
        String results,
        Banks banks,
        BankFiller filler,
        Consumer<SweepEvent> events,
        String codeVersion,
        Function<TrialLeg, SparkCluster.Work<LegReport>> work) {}
