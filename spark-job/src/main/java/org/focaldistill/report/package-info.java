/** Tables and heat maps of a sweep's results. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.report;
