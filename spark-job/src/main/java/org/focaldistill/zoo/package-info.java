/** The architectures, written as recipes of blocks: one file a family. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.zoo;
