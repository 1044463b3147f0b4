/**
 * What a sweep found, for people. In come the finished trials of a {@link org.focaldistill.store.ResultStore}, out go tables as
 * text and a folder with one HTML page, its Markdown, CSV and every picture. Begin at {@link org.focaldistill.report.Report}:
 * it sorts trials into panels of one pair, asks {@code Findings} and {@code Verdict} what their numbers say beside noise, and
 * puts one {@link org.focaldistill.report.Section} after another into the page; a {@link org.focaldistill.report.Supplement}
 * adds those that only some sweeps have. {@link org.focaldistill.report.SweepStatus} tells how far a running sweep is, {@link
 * org.focaldistill.report.TrialDetails} all there is of one trial.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.report;
