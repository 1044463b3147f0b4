/**
 * The architectures, written as recipes of blocks: one file a family. In comes a name and a number of classes, out goes a
 * {@link org.focaldistill.net.Network}. Begin with {@link org.focaldistill.zoo.Architecture}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.zoo;
