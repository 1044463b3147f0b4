/** Reference numbers computed by PyTorch in float64, and the integer rule that fills the tensors they were made with. */
package org.focaldistill.testing;
