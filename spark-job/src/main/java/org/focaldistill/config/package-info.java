/**
 * What to do, as HOCON. In come a file and settings from the command line, out go the immutable, validated records of {@link
 * org.focaldistill.config.FocalDistillConfig}, or one {@link org.focaldistill.config.ConfigException} with every problem, its
 * path, its place in the file and what would be allowed. Begin at {@link org.focaldistill.config.ConfigLoader}; the keys and
 * their defaults are in {@code reference.conf}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.config;
