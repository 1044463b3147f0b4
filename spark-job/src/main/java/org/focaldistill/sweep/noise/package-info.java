/** What a sweep's differences mean beside the noise of its seeds. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.sweep.noise;
