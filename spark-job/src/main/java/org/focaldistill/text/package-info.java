/**
 * How values are written for people, and what is kept out of it: {@link org.focaldistill.text.Words} of constants, {@link
 * org.focaldistill.text.Durations}, {@link org.focaldistill.text.Locations} of files, {@link org.focaldistill.text.Causes} of
 * errors, the {@link org.focaldistill.text.MachineName}, and {@link org.focaldistill.text.Secrets}, which hides passwords. In
 * comes any text or value, out goes text; the rooms that write for people use it.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.text;
