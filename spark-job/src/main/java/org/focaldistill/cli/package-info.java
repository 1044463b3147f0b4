/** The command line: arguments to configuration, one service call, printed result, exit code. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.cli;
