/**
 * The command line. In come arguments, out go printed lines, files and the exit code. Each command is one class, named after
 * it: it loads its configuration by {@code ConfigOptions}, has another room do the work and prints what came of it; what
 * goes wrong ends in {@code Failures}, as a message for people. Begin at {@link org.focaldistill.cli.FocalDistill}, which lists
 * the commands.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.cli;
