/** HOCON configuration to immutable, validated records; every error names its path and file position. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.config;
