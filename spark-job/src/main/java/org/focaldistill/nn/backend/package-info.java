@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.backend;
