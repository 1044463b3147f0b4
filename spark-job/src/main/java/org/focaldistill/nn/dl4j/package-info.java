@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.dl4j;
