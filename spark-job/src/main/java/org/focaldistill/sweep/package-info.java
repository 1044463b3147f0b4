/** Grid, trial, plan and outcome of a sweep: plain Java, without Spark or ND4J. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.sweep;
