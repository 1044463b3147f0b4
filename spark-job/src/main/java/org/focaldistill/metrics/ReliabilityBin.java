package org.focaldistill.metrics;

/**
 * One bin (lower, upper] of a reliability diagram.
 *
 * @param lower exclusive lower edge of the confidence
 * @param upper inclusive upper edge
 * @param count samples in the bin
 * @param confidence their mean confidence; 0 for an empty bin
 * @param accuracy the share of them predicted right; 0 for an empty bin
 */
public record ReliabilityBin(double lower, double upper, long count, double confidence, double accuracy) {}
