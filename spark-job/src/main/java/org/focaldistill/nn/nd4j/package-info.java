@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.nd4j;
