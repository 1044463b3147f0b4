/**
 * What only the published study needs of a report. In comes what {@link org.focaldistill.report.Findings} say of each panel,
 * out go sections for those sweeps that are about the study's pairs or about its suspected mistakes, and none for others. Begin
 * at {@link org.focaldistill.report.study.PublishedStudy}. The report itself does not know this package: whoever asks for a
 * report hands it over.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.report.study;
