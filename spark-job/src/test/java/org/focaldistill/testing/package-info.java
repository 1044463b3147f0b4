/**
 * Reference numbers computed by PyTorch in float64, the integer rule that fills the tensors they were made with, and
 * servers that tests start as processes; for Kubernetes, a stand-in with pods that are processes.
 */
package org.focaldistill.testing;
